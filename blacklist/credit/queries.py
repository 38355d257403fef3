"""Reads of credit: a score with every point of it. Who may see what of it is decided here."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from blacklist.cases import queries as cases
from blacklist.cases.models import Restriction
from blacklist.cases.rules import GROUNDS, WEIGHTS, in_force
from blacklist.credit import rules
from blacklist.credit.models import Merit
from blacklist.credit.rules import Item, Score
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA, day_in_china

MONTHS = 12
SEES_ALL = frozenset({Role.SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True)
class Told:
    """score: with its items as this reader may see them.  history: the score on the first of each month, oldest first.

    own: the reader acts for this organisation.
    """

    score: Score
    history: list[tuple[date, Score]]
    own: bool


def score(code: str, *, at: datetime) -> Score:
    """The score of one organisation. Two reads."""
    return scores([code], at=at)[code]


def scores(codes: Collection[str], *, at: datetime) -> dict[str, Score]:
    """The scores of these organisations. Two reads, however many they are."""
    found: dict[str, list[Restriction]] = {}
    for row in cases.unended(codes, at=at):
        found.setdefault(row.subject, []).append(row)
    good: dict[str, list[Merit]] = {}
    for merit in _merits(codes, until=day_in_china(at)):
        good.setdefault(merit.code, []).append(merit)
    return {code: rules.score(found.get(code, ()), good.get(code, ()), at=at) for code in codes}


def told(code: str, *, viewer: Actor, at: datetime) -> Told:
    """The page of an organisation's credit. Three reads.

    The public learns of what counts now and nothing of what is over: neither as an item nor from how the score was.
    Of a minor act it reads no more than that there is one. The organisation and the supervision see everything.
    """
    own = viewer.role is Role.PROVIDER and viewer.organisation == code
    all_of_it = own or viewer.role in SEES_ALL
    findings = list(Restriction.objects.filter(subject=code, kind=rules.Kind.POINTS.value))
    good = list(_merits([code], until=day_in_china(at), months=2 * MONTHS))
    now = rules.score(findings, good, at=at)
    seen = findings if all_of_it else [row for row in findings if in_force(row, at=at)]
    history = [(day, rules.score(seen, good, at=datetime.combine(day, time(), CHINA))) for day in _months(at)]
    if not all_of_it:
        now = replace(now, items=tuple(_public(item) for item in now.items))
        history = [(day, replace(then, items=())) for day, then in history]
    return Told(now, history, own)


def _public(item: Item) -> Item:
    """A minor act is not shown, only that it counts."""
    if not item.finding or WEIGHTS[GROUNDS[item.ground].severity].shown:
        return item
    return replace(item, words="轻微失信行为，依规定不公示详情", finding="—", ground="")


def _merits(codes: Collection[str], *, until: date, months: int = MONTHS) -> list[Merit]:
    since = until - timedelta(days=31 * months + 1)
    return list(Merit.objects.filter(code__in=list(codes), on__gte=since, on__lte=until))


def _months(at: datetime) -> list[date]:
    day = day_in_china(at).replace(day=1)
    told = []
    for _ in range(MONTHS):
        told.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return told[::-1]
