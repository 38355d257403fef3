"""Providers of the cast in the register, as they enter it themselves."""

from datetime import date, datetime, timedelta
from typing import Any

from experts.affiliates import services as affiliates
from experts.affiliates.models import Affiliation
from experts.affiliates.rules import Bond
from intermediaries.registry import services
from intermediaries.registry.models import Practitioner, Provider, Qualification
from rulebook.actor import Actor
from tests import cast
from tests.make import accounts, registry

PROFILE = {
    "legal_rep": "陈河", "region": "呼伦贝尔市", "address": "海拉尔区胜利街 1 号", "scope": "环境影响评价、环境监测",
    "contact_name": "陈投标", "contact_phone": "0470-8200001",
}  # fmt: skip


def entered(actor: Actor = cast.PROVIDER, *, at: datetime = cast.NOON, **profile: str) -> Provider:
    """A firm of the cast that has signed the promise."""
    accounts.user(actor)
    return services.enter(profile=PROFILE | profile, promised=True, by=actor, at=at)


def qualified(
    actor: Actor = cast.PROVIDER, *, days: int | None = 400, at: datetime = cast.NOON, **other: Any
) -> Qualification:
    """A certificate of it.  days: from now until its last day, None without one."""
    facts = {
        "kind": "测绘资质",
        "grade": "乙级",
        "number": f"乙测{actor.person[-2:]}",
        "issuer": "内蒙古自治区自然资源厅",
    }
    until = None if days is None else (at + timedelta(days=days)).date()
    return services.add_qualification(code=actor.organisation, **(facts | {"valid_to": until} | other), by=actor, at=at)


def employed(
    actor: Actor = cast.PROVIDER, *, serial: int = 1, days: int = 400, at: datetime = cast.NOON
) -> Practitioner:
    """Somebody who practises for it, with a certificate."""
    who = services.employ(
        code=actor.organisation,
        name="苏布德",
        id_number=registry.id_number(serial),
        joined_on=at.date(),
        by=actor,
        at=at,
    )
    services.certify(
        code=actor.organisation, person=who.pk, kind="注册测绘师", number=f"CH-{serial}",
        valid_to=(at + timedelta(days=days)).date(), by=actor, at=at,
    )  # fmt: skip
    return who


def bound(one: str, other: str, *, at: datetime = cast.NOON) -> Affiliation:
    """Two of them of which one holds the other, as a keeper declared and another agreed."""
    made = affiliates.declare(
        bond=Bond.HOLDING, one=one, one_name="甲", other=other, other_name="乙", since=date(2020, 1, 1), until=None,
        basis="公司章程", by=cast.OPERATOR, at=at,
    )  # fmt: skip
    return affiliates.agree(affiliation=made, by=cast.SUPERVISOR, at=at)
