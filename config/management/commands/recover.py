"""`manage.py recover`: go on after a loss the witnesses can see, said by an operator and an auditor side by side."""

import getpass
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.factors import queries as factors
from accounts.factors import services as codes
from accounts.models import User
from config import timekeeper
from config.embedded import AlreadyServed, only_one
from ledger import golive, recovery
from rulebook import clock
from rulebook.actor import Actor
from rulebook.refusal import Refused


class Command(BaseCommand):
    help = "恢复后丢失了已被见证的日志时：由平台运维和审计两人共同声明，记入公开日志，并写出交给各见证方的声明文件。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--operator", metavar="USERNAME", help="平台运维人员的用户名")
        parser.add_argument("--auditor", metavar="USERNAME", help="审计人员的用户名")
        parser.add_argument("--lost", metavar="TEXT", default="", help="已知丢失了什么（写入公开日志，勿写个人信息）")
        parser.add_argument("--to", metavar="FILE", type=Path, default=Path("recovery.json"), help="声明文件写到哪里")
        parser.add_argument("--stdin", action="store_true", help="口令逐行从标准输入读取，不提示")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lock = only_one(settings.DATA)
        except AlreadyServed as error:
            raise CommandError(f"先停下所有进程：{error}") from error
        clock.refresh(load=timekeeper.load, save=timekeeper.save)
        golive.keys_are_here()
        try:
            losses = list(golive.losses())
        except OSError as error:
            raise CommandError(f"须问到每一个见证方，有一个没有应答：{error}") from error
        for each in losses:
            self.stdout.write(f"{each.witness} 已见证 {each.log} 日志 {each.seen} 条，本库只有 {each.held} 条")
        if not losses:
            self.stdout.write("本库与各见证方一致：没有需要声明的丢失")
            return
        if not (options["operator"] and options["auditor"]):
            raise CommandError("须两人共同声明：--operator 与 --auditor，并以 --lost 写明已知丢失了什么")
        at = clock.now()
        try:
            by = _shown(options["operator"], at=at, stdin=options["stdin"])
            auditor = _shown(options["auditor"], at=at, stdin=options["stdin"])
            recovery.declare(losses=losses, lost=options["lost"], by=by, auditor=auditor, at=at)
        except Refused as refused:
            raise CommandError("；".join(reason.sentence() for reason in refused.reasons)) from refused
        told = json.dumps(recovery.statement(losses), ensure_ascii=False, indent=1)
        options["to"].write_text(told + "\n")
        self.stdout.write(f"已记入公开日志。把 {options['to']} 交给每个见证方，由其停机后执行：")
        self.stdout.write("  python -m proofs witness-recover FILE --state DIR --log VKEY --log SEALED_VKEY")
        self.stdout.write("此前本站可以启动，但新的记录未见证，页面会如实写明，开标也会等待见证。")
        lock.close()


def _shown(username: str, *, at: datetime, stdin: bool) -> Actor:
    """Who has just shown password and, where there is one, second factor. CommandError otherwise, saying no more."""

    def ask(what: str) -> str:
        return sys.stdin.readline().rstrip("\n") if stdin else getpass.getpass(f"{username} 的{what}：")

    user = User.objects.filter(username=username, is_active=True).first()
    password = ask("密码")
    if user is None or not user.check_password(password):
        raise CommandError("用户名或密码不对")
    had = factors.factors_of(user)
    if had.any or had.needed:
        codes.use_code(user=user, code=ask("验证码（验证器或恢复码）"), may_reset=False, by=user.as_actor(), at=at)
    return user.as_actor()
