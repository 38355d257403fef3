"""Contracts under way, and what becomes of them."""

import hashlib
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from intermediaries.ratings import services as ratings
from intermediaries.ratings.models import Occasion
from intermediaries.ratings.rules import DIMENSIONS, Side
from market.awards.models import Award
from market.contracts import services as contracts
from market.contracts.models import Contract, ContractProposal
from market.notices.rules import Type
from market.performance import services
from market.performance.acting import Given
from market.performance.rules import Line
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import accounts, market

AMOUNT = Decimal("1000000.00")


PAPER = b"%PDF-1.7\ncontract\n%%EOF\n"


def put_forward(
    number: str = market.NUMBER, *, amount: str = "1100000.00", by: Actor = cast.OFFICER, at: datetime = cast.NOON,
    **other: Any,
) -> ContractProposal:  # fmt: skip
    """A contract the buyer puts before the winner."""
    told = {"payment": "验收后三十日内付清", "delivery": "六十日内交付", "file": PAPER, "name": "合同.pdf"} | other
    return contracts.propose(number=number, amount=Decimal(amount), **told, by=by, at=at)


def contract(
    *, number: str = market.NUMBER, provider: Actor = cast.PROVIDER, at: datetime = cast.NOON, **other: Any
) -> Contract:
    """A contract the buyer of the cast signed with a provider, at the award's quote."""
    project = market.project(number=number, stage=Stage.CONTRACTED, stage_at=at, **other)
    accounts.user(provider)
    code = provider.organisation
    award = Award.objects.create(
        project=project, notice=market.notice(project, type=Type.AWARD), rank=1, organisation=code,
        name=cast.NAMES[code], amount=AMOUNT, determined_by=cast.OFFICER.person, determined_at=at,
    )  # fmt: skip
    said = {"provider": {"org": code, "name": award.name}, "amount": str(AMOUNT), "late_reason": "",
            "signed_on": day_in_china(at).isoformat()}  # fmt: skip
    return Contract.objects.create(
        project=project, award=award, notice=market.notice(project, type=Type.CONTRACT, content=said), amount=AMOUNT,
        signed_on=day_in_china(at), recorded_at=at,
    )  # fmt: skip


def lines(*, on: date, days: tuple[int, ...] = (10, 20), amounts: tuple[str, ...] = ("400000", "600000")) -> list[Line]:
    """Milestones that make up the price, due so many days after."""
    return [
        Line(n, f"成果{n}", on + timedelta(days=day), Decimal(amount))
        for n, (day, amount) in enumerate(zip(days, amounts, strict=True), 1)
    ]


def agreed(
    *, at: datetime = cast.NOON, days: tuple[int, ...] = (10, 20), amounts: tuple[str, ...] = ("400000", "600000"),
    **other: Any,
) -> Contract:  # fmt: skip
    """The same with milestones both sides agreed on."""
    made = contract(at=at, **other)
    put = lines(on=day_in_china(at), days=days, amounts=amounts)
    services.propose_plan(number=made.project.number, lines=put, by=cast.OFFICER, at=at)
    services.settle_plan(number=made.project.number, agree=True, by=accounts_of(made), at=at)
    return made


def accounts_of(made: Contract) -> Actor:
    """The provider's person."""
    people = (cast.PROVIDER, cast.RIVAL, cast.THIRD, cast.FOURTH)
    return next(actor for actor in people if actor.organisation == made.award.organisation)


def given(name: str = "报告.pdf", data: bytes = b"%PDF-1.7 report") -> Given:
    """A file."""
    return Given(name, len(data), hashlib.sha256(data).hexdigest(), io.BytesIO(data))


def handed(made: Contract, milestone: int, *, at: datetime) -> None:
    """The provider hands it over."""
    services.deliver(
        number=made.project.number, milestone=milestone, note="请验收", files=[given()], by=accounts_of(made), at=at
    )


def accepted(made: Contract, milestone: int, *, at: datetime) -> None:
    """It is handed over and accepted."""
    handed(made, milestone, at=at)
    services.inspect(number=made.project.number, milestone=milestone, accepted=True, by=cast.OFFICER, at=at)


def completed(*, at: datetime = cast.NOON, **other: Any) -> Contract:
    """Everything is accepted: both sides may rate."""
    made = agreed(at=at, days=(10,), amounts=("1000000",), **other)
    accepted(made, 1, at=at)
    return made


def occasion(*, number: str = market.NUMBER, completed: bool = True, provider: str = cast.HETAO,
             at: datetime = cast.NOON) -> Occasion:  # fmt: skip
    """A finished purchase, as the register of ratings knows it."""
    for actor in (cast.OFFICER, cast.PROVIDER, cast.RIVAL):
        accounts.user(actor)
    return ratings.open_occasion(
        number=number, title="环境影响评价", item="环评", buyer=(cast.BUYER, cast.NAMES[cast.BUYER]),
        provider=(provider, cast.NAMES[provider]), completed=completed, by=cast.OFFICER, at=at,
    )  # fmt: skip


def scores(side: Side, *points: int) -> dict[str, int]:
    """Points in every dimension of a side; the last one again where there are too few."""
    keys = DIMENSIONS[side]
    told = [*points, *[points[-1]] * len(keys)][: len(keys)]
    return dict(zip(keys, told, strict=True))


def rated(number: str = market.NUMBER, *, by: Actor = cast.OFFICER, points: tuple[int, ...] = (5,), level: int = 5,
          at: datetime = cast.NOON, **said: Any) -> None:  # fmt: skip
    """One side rates the other."""
    side = Side.PROVIDER if by.role == cast.OFFICER.role else Side.BUYER
    words = (
        {"text": "服务拖延，三次催促", "evidence": "第1次交付迟到五天"} if min(*points, level) <= 2 else {"text": ""}
    )
    ratings.record_rating(number=number, level=level, scores=scores(side, *points), **(words | said), by=by, at=at)
