"""What a provider's credit is: a base, points off for what was found, points for what was done well, and how they fade.

Pure. Every number is a row of an edition and printed on the page of the rules. Nothing costs a point without a finding:
a case in which the party was heard and two people decided. What nobody decided, however it looks, counts for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Protocol

from blacklist.cases.rules import GROUNDS, Kind, Restricted, in_force
from rulebook.calendar import day_in_china
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

EDITION = "2026-1"
SCORE, LOST, GAINED, FADES, USED, OBJECT = own(50), own(51), own(52), own(53), own(54), own(55)
BASE = Decimal(100)
TENTH = Decimal("0.1")
MOST_GAINED = Decimal(10)  # so that no amount of praise makes up for a serious finding
LOST_FADES: tuple[tuple[Decimal, Decimal], ...] = (  # share of its term that is over, from which on so much counts
    (Decimal("0.5"), Decimal("0.5")),
)
GAINED_FADES: tuple[tuple[int, Decimal], ...] = ((180, Decimal("0.5")), (365, Decimal(0)))  # days after, likewise
LEAST_ASKED = Decimal(90)  # the most a purchase may ask for: a firm without history always has more


@dataclass(frozen=True, slots=True)
class Grade:
    """From which score on.  tickets: lots in a draw by credit; nobody has none, the best has four times the least."""

    name: str
    least: Decimal
    tickets: int


GRADES = (
    Grade("A", Decimal(100), 4),
    Grade("B", Decimal(90), 3),
    Grade("C", Decimal(75), 2),
    Grade("D", Decimal(0), 1),
)


class Good(StrEnum):
    """What adds points."""

    PERFORMED = "performed"  # 合同全部验收，没有逾期
    PRAISED = "praised"  # 总体评价非常满意


@dataclass(frozen=True, slots=True)
class Row:
    """points: for each.  most: of all of this kind."""

    words: str
    points: Decimal
    most: Decimal


MERITS: Mapping[Good, Row] = {
    Good.PERFORMED: Row("合同全部验收，没有一个工作日逾期", Decimal(2), Decimal(8)),
    Good.PRAISED: Row("完成的合同被业主评为非常满意", Decimal(1), Decimal(5)),
}


class Finding(Restricted, Protocol):
    """A decided finding with its points. The row of a restriction fits."""

    points: int


class Merit(Protocol):
    """Something done well, as whoever knows of it wrote it down.  evidence: number of the purchase."""

    kind: str
    evidence: str
    title: str
    on: date


@dataclass(frozen=True)
class Item:
    """A line of the explanation.  points: as they count now; full: at first.  fades: from which day on how many.

    finding: number of the decision, without which nothing is negative.  Raises ValueError for points off without one.
    """

    words: str
    points: Decimal
    full: Decimal
    on: date
    rule: Article
    fades: Sequence[tuple[date, Decimal]]
    finding: str = ""
    evidence: str = ""
    title: str = ""
    ground: str = ""

    def __post_init__(self) -> None:
        if min(self.points, self.full) < 0 and not self.finding:
            raise ValueError("no negative item without a finding")


@dataclass(frozen=True)
class Score:
    """value: never below 0, one place.  gained: as far as it counts.  items: the negative first, then the newest."""

    value: Decimal = BASE
    lost: Decimal = Decimal(0)
    gained: Decimal = Decimal(0)
    items: Sequence[Item] = field(default_factory=tuple)

    @property
    def grade(self) -> Grade:
        """The first line of GRADES that fits."""
        return next(grade for grade in GRADES if self.value >= grade.least)


def score(findings: Iterable[Finding], merits: Iterable[Merit], *, at: datetime) -> Score:
    """The score at an instant. The order of what is given plays no part.

    A finding counts while its restriction is in force: one that lapsed, was annulled, repaired or is stayed does not.
    """
    against = [_lost(row, at=at) for row in findings if row.kind == Kind.POINTS and in_force(row, at=at)]
    on = day_in_china(at)
    good = [item for row in merits if row.on <= on and (item := _gained(row, on=on)).points > 0]
    lost = sum((-item.points for item in against), Decimal())
    gained = min(MOST_GAINED, sum((_capped(kind, good) for kind in MERITS), Decimal()))
    value = max(BASE - lost + gained, Decimal()).quantize(TENTH, ROUND_HALF_UP)
    newest = sorted(good, key=lambda item: (item.on, item.evidence), reverse=True)
    oldest = sorted(against, key=lambda item: (item.on, item.finding))
    return Score(value, lost, gained, (*oldest, *newest))


def _capped(kind: Good, items: Iterable[Item]) -> Decimal:
    row = MERITS[kind]
    return min(row.most, sum((item.points for item in items if item.words == row.words), Decimal()))


def _lost(row: Finding, *, at: datetime) -> Item:
    full, whole = Decimal(row.points), row.ends_at - row.starts_at
    counts, fades = Decimal(1), []
    for share, part in LOST_FADES:
        since = row.starts_at + timedelta(seconds=int(whole.total_seconds() * float(share)))
        fades.append((day_in_china(since), -full * part))
        counts = part if at >= since else counts
    fades.append((day_in_china(row.ends_at), Decimal(0)))
    ground = GROUNDS[row.ground]
    return Item(ground.name, -full * counts, -full, day_in_china(row.starts_at), ground.rule, tuple(fades),
                finding=row.decision_no, ground=row.ground)  # fmt: skip


def _gained(row: Merit, *, on: date) -> Item:
    told = MERITS[Good(row.kind)]
    counts = Decimal(1)
    for days, part in GAINED_FADES:
        counts = part if (on - row.on).days >= days else counts
    fades = tuple((row.on + timedelta(days=days), told.points * part) for days, part in GAINED_FADES)
    return Item(told.words, told.points * counts, told.points, row.on, GAINED, fades, evidence=row.evidence,
                title=row.title)  # fmt: skip


def why_not_note(*, kind: str, evidence: str) -> tuple[Reason, ...]:
    """Reasons against writing down something done well: it is of a known kind and says in which purchase."""
    if kind not in tuple(Good) or not evidence:
        return (Reason("credit.no-such-merit", Fault.NOT_VALID, "没有这样的加分事项，或者没有依据"),)
    return ()


def why_not_ask(least: Decimal) -> tuple[Reason, ...]:
    """Reasons against the least score a purchase asks for: more than a firm without history surely has."""
    if not 0 <= least <= LEAST_ASKED:
        text = "最低信用分不得高于 {most} 分，以免把没有记录的新机构挡在外面"
        return (Reason("credit.asks-too-much", Fault.NOT_VALID, text, USED, {"most": str(LEAST_ASKED)}),)
    return ()


def why_not_enough(value: Decimal, *, least: Decimal) -> tuple[Reason, ...]:
    """Reasons against a part in a purchase that asks for a least score."""
    if value < least:
        text = "信用分 {value}，低于公告要求的 {least} 分；每一分的来历见信用页"
        return (Reason("credit.below", Fault.NOT_NOW, text, USED, {"value": str(value), "least": str(least)}),)
    return ()
