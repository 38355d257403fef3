"""`./mingbiao may_start [KIND]`: whether a process of this kind may start here, and all that speaks against it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.starting.facts import gathered
from config.starting.gate import listed
from config.starting.rules import what_is_weak, why_not_start

KINDS = ("serve", "pages", "sockets", "worker", "beat", "sequence", "metrics")


class Command(BaseCommand):
    help = "检查本机能否启动：一次列出全部不安全的设置；可以启动时返回 0。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("kind", nargs="?", choices=KINDS, default="serve")

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        facts = gathered(kind)
        if reasons := why_not_start(facts):
            raise CommandError(f"不能启动：\n{listed(reasons)}", returncode=1)
        weak = what_is_weak(facts)
        self.stdout.write(f"可以启动。建议改进：\n{listed(weak)}" if weak else "可以启动。")
