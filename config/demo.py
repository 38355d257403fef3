"""Makes a data folder into the demo: its tables, and the people of `config.demo_world` in them."""

import json
import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from accounts import services as accounts
from bidding.holding import services as roster
from bidding.holding.rules import Duty
from config import demo_purchases
from config.demo_world import APPLICANT, EXPERTS, HOUSES, PEOPLE, SHOPS, Shop
from experts.registry import services as registry
from intermediaries.registry import services as providers
from market.catalogue import brought, offers
from market.catalogue import services as catalogue
from market.history import services as history
from people.colleagues import services as colleagues
from rulebook import clock
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china


class NotForReal(RuntimeError):
    """The demo's invented people have no place on a site that serves real purchases."""


def prepare() -> None:
    """Tables as the code wants them, and people; what is there already costs a look. NotForReal in production."""
    _not_for_real()
    planned = MigrationExecutor(connection)
    if planned.migration_plan(planned.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    people()


def people() -> dict[str, Any]:
    """Who lives in this demo and how they sign in; entered once, kept in `demo.json`. NotForReal in production."""
    _not_for_real()
    kept = settings.DATA / "demo.json"
    if not kept.exists():
        world = seed()
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(world, ensure_ascii=False, indent=1))
    return dict(json.loads(kept.read_text()))


@transaction.atomic
def seed() -> dict[str, Any]:
    """Enter every organisation, person and expert of the demo; returns who they are and how they sign in."""
    at = clock.now()
    # One password for the whole demo: whoever runs it plays every part. Hashed once, for a hash takes a moment.
    password = f"mingbiao-{secrets.token_hex(4)}"
    hashed = make_password(password)
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
            username=person.username, password=password, hashed=hashed, name=person.name, role=person.role,
            organisation=codes[person.house], id_number=person.id_number, by=SYSTEM, at=at,
        )  # fmt: skip
        public_ids[person.username] = str(user.public_id)
        users.append(_told(person.username, password, person.name, person.role, codes[person.house]))
    for person in PEOPLE:
        if person.role is Role.HOLDER:
            duty = Duty.DEPUTY if person.is_deputy else Duty.MEMBER
            roster.appoint(person=public_ids[person.username], duty=duty, by=SYSTEM, at=at)
    for code in dict.fromkeys(codes[person.house] for person in PEOPLE if person.role is Role.HOLDER):
        roster.enter(organisation=code, by=SYSTEM, at=at)
        roster.set_unattended(organisation=code, unattended=True, by=SYSTEM, at=at)
    heads: dict[str, str] = {}
    for person in PEOPLE:
        if person.house != "citizen" and (person.house not in heads or person.role is Role.SECURITY):
            heads[person.house] = person.username
    for username in heads.values():
        colleagues.appoint_first(person=UUID(public_ids[username]), by=SYSTEM, at=at)
    for judge in EXPERTS:
        user = accounts.create_user(
            username=judge.username, password=password, hashed=hashed, name=judge.name, role=Role.EXPERT,
            by=SYSTEM, at=at,
        )  # fmt: skip
        registry.enrol(
            number=judge.number, user=user, employer_code=judge.employer_code, employer_name=judge.employer,
            specialties=list(judge.specialties), region="呼伦贝尔市", by=SYSTEM, at=at,
        )  # fmt: skip
        users.append(_told(judge.username, password, judge.name, Role.EXPERT, ""))
    username, name = APPLICANT
    accounts.create_user(
        username=username, password=password, hashed=hashed, name=name, role=Role.EXPERT, by=SYSTEM, at=at
    )
    users.append(_told(username, password, name, "applicant", ""))
    for reported in history.FILES.glob("*.json"):
        history.load(key=reported.stem, by=SYSTEM, at=at)
    _catalogue(codes, at=at)
    actors = {
        person.username: Actor(public_ids[person.username], person.role, codes[person.house], name=person.name)
        for person in PEOPLE
    }
    for username, shop in SHOPS.items():
        _shop(actors[username], shop, at=at)
    demo_purchases.begin(actors, at=at)
    organisations = [
        {"key": house.key, "code": house.code, "name": house.name, "kind": house.kind.value, "is_small": house.is_small}
        for house in HOUSES
    ]
    return {"users": users, "organisations": organisations}


def _catalogue(codes: dict[str, str], *, at: datetime) -> None:
    """The departments publish the service items that come with the house."""
    for each in brought.items():
        by = Actor("", Role.OFFICER, codes[each.department], name="主管部门")
        catalogue.draft_item(code=each.code, content=each.content, by=by, at=at)
        catalogue.publish_item(code=each.code, effective_from=day_in_china(at), by=by, at=at)


def _shop(by: Actor, shop: Shop, *, at: datetime) -> None:
    """A firm enters the register of providers and furnishes its shopfront."""
    providers.enter(profile=shop.profile, promised=True, by=by, at=at)
    for kind, grade, number, issuer, until in shop.held:
        providers.add_qualification(
            code=by.organisation, kind=kind, grade=grade, number=number, issuer=issuer, valid_to=until, by=by, at=at
        )
    for item, price, unit in shop.services:
        offers.offer_service(item=item, price=Decimal(price) if price else None, unit=unit, by=by, at=at)


def _not_for_real() -> None:
    if settings.PRODUCTION:
        raise NotForReal("演示数据不得进入正式环境")


def _told(username: str, password: str, name: str, role: str, organisation: str) -> dict[str, str]:
    return {"username": username, "password": password, "name": name, "role": role, "organisation": organisation}
