"""`manage.py first_people`: the three who keep a platform are invited before there is anybody who could do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.rules import Kind
from config import timekeeper
from people.colleagues import founding, rules
from rulebook import clock
from rulebook.actor import SYSTEM, Role
from rulebook.refusal import Refused

WORDS = {Role.SECURITY: "安全管理员", Role.OPERATOR: "系统管理员（平台运维）", Role.AUDITOR: "审计管理员"}


class Command(BaseCommand):
    help = "新站首批人员：登记平台运营机构和审计所在单位，为三员各打印一个一次性邀请链接。已有三员的拒绝。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--platform", nargs=2, metavar=("CODE", "NAME"), required=True, help="平台运营机构")
        parser.add_argument("--watching", nargs=2, metavar=("CODE", "NAME"), required=True, help="审计管理员所在的单位")
        kinds = (Kind.REGULATOR.value, Kind.NOTARY.value)
        parser.add_argument("--kind", choices=kinds, default=kinds[0], help="该单位是监督管理部门还是公证机构")
        for role in rules.FOUNDERS:
            parser.add_argument(f"--{role}", metavar="NAME", required=True, help=f"{WORDS[role]}的姓名")

    def handle(self, *args: Any, **told: Any) -> None:
        clock.refresh(load=timekeeper.load, save=timekeeper.save)
        try:
            links = founding.found(
                platform=tuple(told["platform"]), watching=(*told["watching"], told["kind"]),
                names={role: told[role.value] for role in rules.FOUNDERS}, by=SYSTEM, at=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            raise CommandError("；".join(reason.sentence() for reason in refused.reasons)) from refused
        for role, link in links.items():
            self.stdout.write(f"{WORDS[role]}  {told[role.value]}\n  {link}")
        self.stdout.write(
            f"链接{rules.INVITED_FOR.days}日内有效，只能用一次，本站不留存：当面交给本人，由本人设置密码并登记身份证件号码。"
        )
