"""Cases of the platform, and restrictions as two persons decided them."""

from datetime import datetime, timedelta
from typing import Any

from blacklist.cases import people, services
from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import Act, Outcome, Source, State, Terms
from blacklist.cases.rules import EDITION, GROUNDS, Body, Kind
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from tests import cast

THIRD_SUPERVISOR = Actor("00000000-0000-4000-8000-000000000061", Role.SUPERVISOR, cast.BUREAU, "韩审理")
FOURTH_SUPERVISOR = Actor("00000000-0000-4000-8000-000000000062", Role.SUPERVISOR, cast.BUREAU, "杨审理")
LONG_AGO = 40 * cast.DAY


def restriction(
    *,
    subject: str = cast.HETAO,
    ground: str = "giving-up",
    kind: Kind = Kind.SUSPENSION,
    points: int | None = None,
    starts_at: datetime = cast.NOON - cast.DAY,
    lasts: timedelta = 30 * cast.DAY,
    person: bool = False,
) -> Restriction:
    """A restriction in force at noon, noticed and signed by two long before; of points unless its kind is another.

    person: the subject is the keyed hash of an identity number, not a credit code.
    """
    told = starts_at - LONG_AGO
    body = Body.PERSON if person else Body.ORGANISATION
    name = cast.NAMES.get(subject, "某某")
    case = Case.objects.create(
        body=body, subject=subject, name=name, ground=ground, edition=EDITION, source=Source.BUYER,
        party_org="" if person else subject, party_person=cast.EXPERT.person if person else "",
        occurred_on=told.date(), reported_by=cast.OFFICER.person, reported_at=told, state=State.SERVED,
    )  # fmt: skip
    signed = ((Act.PROPOSED, 20, cast.SUPERVISOR), (Act.AGREED, 21, cast.SECOND_SUPERVISOR))
    Step.objects.create(case=case, seq=1, act=Act.NOTICED, at=told, until=told + 10 * cast.DAY)
    for seq, (act, days, by) in enumerate(signed, 2):
        at = told + days * cast.DAY
        Step.objects.create(case=case, seq=seq, act=act, round=1, person=by.person, at=at)
    if points is None:
        points = GROUNDS[ground].points if kind is Kind.POINTS else 0
    return Restriction.objects.create(
        case=case, round=1, decision_no=f"明处〔{starts_at:%Y}〕{case.pk}号", body=body, subject=subject, name=name,
        ground=ground, kind=kind, points=points, decided_at=told + 21 * cast.DAY, starts_at=starts_at,
        ends_at=starts_at + lasts,
    )  # fmt: skip


KEEPERS = (cast.SUPERVISOR, cast.SECOND_SUPERVISOR, cast.OPERATOR, THIRD_SUPERVISOR)
FACTS = "中选后以成本上涨为由拒绝确认，经两次书面催告仍未确认"
SCAN = ("催告函.pdf", b"%PDF-1.7 reminded twice\n%%EOF")


def case(*, at: datetime = cast.NOON, by: Actor = cast.OFFICER, **other: Any) -> Case:
    """A report of the buyer against the firm of HETAO: it gave up an award."""
    told = {
        "body": Body.ORGANISATION, "subject": cast.HETAO, "ground": "giving-up", "facts": FACTS, "evidence": [SCAN],
        "occurred_on": day_in_china(at) - cast.DAY, "source": Source.BUYER,
    }  # fmt: skip
    return services.report(**{**told, **other}, by=by, at=at)


def of_person(ref: str, *, by: Actor = cast.OFFICER, **other: Any) -> dict[str, Any]:
    """What `case` is given to be about a person of a register."""
    told = people.known(ref, by=by)
    assert told is not None
    who = {"subject": told.tag, "name": told.name, "party_org": told.org, "party_person": told.account}
    return {"body": Body.PERSON, "ground": "lending", **who, "by": by, **other}


SIX_MONTHS = Terms(6, Kind.SUSPENSION, 6)


def noticed(*, at: datetime = cast.NOON, terms: Terms = SIX_MONTHS, **other: Any) -> Case:
    """The same, examined and charged by a supervisor at once."""
    row = case(at=at, **other)
    services.take_up(public_id=row.public_id, by=cast.SUPERVISOR, at=at)
    told = {"terms": terms, "text": FACTS, "evidence": [SCAN]}
    return services.notice(public_id=row.public_id, **told, by=cast.SUPERVISOR, at=at)


def decided(*, at: datetime = cast.NOON, terms: Terms = SIX_MONTHS, **other: Any) -> Case:
    """The same, decided by two when the time to answer was over: nine days later."""
    row, later = noticed(at=at, terms=terms, **other), at + 9 * cast.DAY
    told = {"outcome": Outcome.RESTRICT, "terms": terms, "text": FACTS}
    services.propose(public_id=row.public_id, **told, by=cast.SUPERVISOR, at=later)
    return services.second(public_id=row.public_id, agrees=True, by=cast.SECOND_SUPERVISOR, at=later)


def served(*, at: datetime = cast.NOON, **other: Any) -> list[Restriction]:
    """The same, served ten days after the report: what binds from the eleventh day on."""
    row = decided(at=at, **other)
    return services.serve(public_id=row.public_id, by=cast.SUPERVISOR, at=at + 10 * cast.DAY)
