"""Restrictions of the platform, as two persons decided them."""

from datetime import datetime, timedelta

from blacklist.cases.models import Case, Restriction, Step
from blacklist.cases.process import Act, Source, State
from blacklist.cases.rules import EDITION, GROUNDS, Body, Kind
from tests import cast

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
