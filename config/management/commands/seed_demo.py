"""`manage.py seed_demo [--json]`: people the demo world once, and say who lives in it."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import services as accounts
from bidding.holding import services as roster
from bidding.holding.rules import Duty
from config.demo_world import EXPERTS, HOUSES, PEOPLE
from experts.registry import services as registry
from market.history import services as history
from rulebook import clock
from rulebook.actor import SYSTEM, Role


class Command(BaseCommand):
    help = "演示：登记单位、人员和专家，并列出账号。只做一次，再次运行只列出。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("演示数据不得进入正式环境")
        kept = settings.DATA / "demo.json"
        if not kept.exists():
            world = seed()
            kept.write_text(json.dumps(world, ensure_ascii=False, indent=1))
            kept.chmod(0o600)
        world = json.loads(kept.read_text())
        if options["json"]:
            self.stdout.write(json.dumps(world, ensure_ascii=False))
            return
        for user in world["users"]:
            self.stdout.write(f"{user['role']:<12}{user['username']:<16}{user['password']}  {user['name']}")


@transaction.atomic
def seed() -> dict[str, Any]:
    """Enter every organisation, person and expert of the demo; returns who they are and how they sign in."""
    at = clock.now()
    # One password for the whole demo: whoever runs it plays every part.
    password = f"mingbiao-{secrets.token_hex(4)}"
    codes = {}
    for house in HOUSES:
        accounts.create_organisation(
            code=house.code, name=house.name, kind=house.kind, is_small=house.is_small, by=SYSTEM, at=at
        )
        codes[house.key] = house.code
    users = []
    public_ids = {}
    for person in PEOPLE:
        user = accounts.create_user(
            username=person.username, password=password, name=person.name, role=person.role,
            organisation=codes[person.house], by=SYSTEM, at=at,
        )  # fmt: skip
        public_ids[person.username] = str(user.public_id)
        users.append(_told(person.username, password, person.name, person.role, codes[person.house]))
    for person in PEOPLE:
        if person.role is Role.HOLDER:
            duty = Duty.DEPUTY if person.is_deputy else Duty.MEMBER
            roster.appoint(person=public_ids[person.username], duty=duty, by=SYSTEM, at=at)
    for code in dict.fromkeys(codes[person.house] for person in PEOPLE if person.role is Role.HOLDER):
        roster.enter(organisation=code, by=SYSTEM, at=at)
    for judge in EXPERTS:
        user = accounts.create_user(
            username=judge.username, password=password, name=judge.name, role=Role.EXPERT, by=SYSTEM, at=at
        )
        registry.enrol(
            number=judge.number, user=user, employer_code=judge.employer_code, employer_name=judge.employer,
            specialties=list(judge.specialties), region="呼伦贝尔市", by=SYSTEM, at=at,
        )  # fmt: skip
        users.append(_told(judge.username, password, judge.name, Role.EXPERT, ""))
    for reported in history.FILES.glob("*.json"):
        history.load(key=reported.stem, by=SYSTEM, at=at)
    organisations = [
        {"key": house.key, "code": house.code, "name": house.name, "kind": house.kind.value, "is_small": house.is_small}
        for house in HOUSES
    ]
    return {"users": users, "organisations": organisations}


def _told(username: str, password: str, name: str, role: str, organisation: str) -> dict[str, str]:
    return {"username": username, "password": password, "name": name, "role": role, "organisation": organisation}
