"""A log's key is changed: both sign until whoever pinned the old one has pinned the new one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledger import keys
from rulebook import clock


class Command(BaseCommand):
    help = "更换日志或回执的签名密钥：新旧密钥共同签署交接说明，之后一起签名；--finish 在各方改用新公钥后停用旧密钥。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", choices=keys.EVERY)
        parser.add_argument("--finish", action="store_true", help="旧密钥不再签名")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        try:
            if options["finish"]:
                keys.finish(name)
                self.stdout.write(f"{name}：旧密钥已停用，请重新启动各进程。")
                return
            said = keys.hand_over(name, seconds=int(clock.now().timestamp()))
        except (FileExistsError, FileNotFoundError) as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(said)
        self.stdout.write("请重新启动各进程，备份密钥，并把上面的交接说明另行告知每一个见证方和固定了旧公钥的人。")
