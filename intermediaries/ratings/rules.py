"""Who rates whom, in what, until when; what is low and what follows from it; what a mean is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA, add_days, add_working_days, day_in_china
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

FEN = Decimal("0.01")
LOWEST, HIGHEST, LOW = 1, 5, 2
LEVELS = (5, 4, 3, 2, 1)  # 非常满意 … 非常不满意
LONGEST = 1000
SHORTEST_REASON = 4  # characters


class Side(StrEnum):
    """Which side of a contract somebody stands on."""

    BUYER = "buyer"
    PROVIDER = "provider"

    @property
    def other(self) -> "Side":
        """Whom it has to do with."""
        return Side.PROVIDER if self is Side.BUYER else Side.BUYER


# In what each side is rated by the other.
DIMENSIONS: Mapping[Side, tuple[str, ...]] = {
    Side.PROVIDER: ("quality", "time", "manner", "fee", "order"),
    Side.BUYER: ("clarity", "payment", "cooperation"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """A period of the platform's own rules.  working: counted in working days."""

    amount: int
    working: bool
    law: Article

    def due(self, start: datetime) -> datetime:
        """Midnight in China after its last day; the day it begins is not counted."""
        count = add_working_days if self.working else add_days
        return datetime.combine(add_days(count(day_in_china(start), self.amount), 1), time(), CHINA)


@dataclass(frozen=True, slots=True)
class Row:
    """One edition of what the platform's rules say of ratings.

    rate: both sides, from the end of the purchase.  answer: who was rated low, with what was put right.
    finding: a keeper, after the answer or its last day.
    """

    edition: str
    rate: Days
    answer: Days
    finding: Days


RATING_LAW = own(15)
LOW_LAW = own(16)
FOLLOW_LAW = Article("国办发〔2019〕51号", "第三部分")
MEAN_LAW = own(17)
RULES = Row("2026", Days(15, False, RATING_LAW), Days(10, True, FOLLOW_LAW), Days(5, True, FOLLOW_LAW))


class Finding(StrEnum):
    """What a keeper found of a low rating."""

    RIGHTED = "righted"  # 属实，已整改
    UPHELD = "upheld"  # 属实，未整改
    UNFOUNDED = "unfounded"  # 不属实，不计入均值


@dataclass(frozen=True)
class Parties:
    """The two sides of a finished purchase, by credit code."""

    buyer: str
    provider: str

    def side_of(self, by: Actor) -> Side | None:
        """On which side somebody stands; None for anyone else."""
        if by.role is Role.OFFICER and by.organisation == self.buyer:
            return Side.BUYER
        if by.role is Role.PROVIDER and by.organisation == self.provider:
            return Side.PROVIDER
        return None

    def code(self, side: Side) -> str:
        """Who stands there."""
        return self.buyer if side is Side.BUYER else self.provider


def is_low(*, level: int, scores: Mapping[str, int]) -> bool:
    """Two or less, altogether or in any dimension."""
    return min(level, *scores.values()) <= LOW


def why_not_party(*, parties: Parties, by: Actor) -> tuple[Reason, ...]:
    """Reasons why somebody has no say in this purchase."""
    if parties.side_of(by) is None:
        return (Reason("ratings.not-party", Kind.NOT_YOURS, "仅合同双方可以互相评价"),)
    return ()


def why_not_begin(*, parties: Parties, rated: bool, closes_at: datetime, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against rating at all: who and when."""
    shut = why_not_party(parties=parties, by=by)
    if shut:
        return shut
    if rated:
        return (Reason("ratings.done", Kind.NOT_NOW, "已经评价，不能更改", RATING_LAW),)
    if at >= closes_at:
        return (Reason("ratings.over", Kind.NOT_NOW, "评价期限已过", RATING_LAW),)
    return ()


def why_not_rate(
    *, parties: Parties, rated: bool, closes_at: datetime, level: int, scores: Mapping[str, int], text: str,
    evidence: str, by: Actor, at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a rating: a side of the purchase, once, in time, in every dimension; a low one says why.

    level, scores: whole numbers, 1 to 5.
    """
    shut = why_not_begin(parties=parties, rated=rated, closes_at=closes_at, by=by, at=at)
    side = parties.side_of(by)
    if shut or side is None:
        return shut
    reasons: list[Reason] = []
    asked = DIMENSIONS[side.other]
    given = [level, *scores.values()]
    if set(scores) != set(asked) or any(type(n) is not int or not LOWEST <= n <= HIGHEST for n in given):
        return (Reason("ratings.scores", Kind.NOT_VALID, "总体评价和每一项都应评 1 至 5 分", RATING_LAW),)
    if is_low(level=level, scores=scores):
        if len(text.strip()) < SHORTEST_REASON:
            reasons.append(Reason("ratings.no-reason", Kind.NOT_VALID, "评 2 分及以下的，应写明理由", LOW_LAW))
        if len(evidence.strip()) < SHORTEST_REASON:
            asks = "评 2 分及以下的，应写明依据：何时、哪次交付、哪份文件可以证明"
            reasons.append(Reason("ratings.no-evidence", Kind.NOT_VALID, asks, LOW_LAW))
    return tuple(reasons)


def why_not_answer(
    *, subject: str, low: bool, shown: bool, answered: bool, found: bool, text: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against answering a low rating: who was rated, once it is shown, before a keeper has found."""
    own = by.organisation == subject and by.role in (Role.OFFICER, Role.PROVIDER)
    if not own:
        return (Reason("ratings.not-rated", Kind.NOT_YOURS, "仅被评价的一方可以答复"),)
    if not (low and shown):
        return (Reason("ratings.nothing-to-answer", Kind.NOT_NOW, "没有需要答复的差评"),)
    if answered or found:
        return (Reason("ratings.answered", Kind.NOT_NOW, "已经答复或者作出结论"),)
    if len(text.strip()) < SHORTEST_REASON:
        return (Reason("ratings.no-answer", Kind.NOT_VALID, "请写明核实情况和整改措施", FOLLOW_LAW),)
    return ()


def why_not_find(
    *, followed: bool, answered: bool, found: bool, due_at: datetime | None, finding: str, text: str, by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a finding: the supervision, once, after the answer or its last day, with what was found."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("ratings.not-keeper", Kind.NOT_YOURS, "仅监督人员可以作出核查结论"),)
    if not followed or found:
        return (Reason("ratings.nothing-to-find", Kind.NOT_NOW, "没有待核查的差评"),)
    if not answered and due_at is not None and at < due_at:
        return (Reason("ratings.answer-first", Kind.NOT_NOW, "被评价方的整改答复期限未满", FOLLOW_LAW),)
    if finding not in tuple(Finding) or len(text.strip()) < SHORTEST_REASON:
        return (Reason("ratings.no-finding", Kind.NOT_VALID, "请选定结论并写明查明的事实", FOLLOW_LAW),)
    return ()


def why_not_close(*, closes_at: datetime, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against ending the time of rating: the platform alone does, when it is over."""
    if by.role is not Role.SYSTEM:
        return (Reason("ratings.not-system", Kind.NOT_YOURS, "评价期限届满由平台自动办理"),)
    if at < closes_at:
        return (Reason("ratings.not-over", Kind.NOT_NOW, "评价期限未满", RATING_LAW),)
    return ()


def counts(*, completed: bool, by_default: bool, finding: str) -> bool:
    """A rating enters means: of a completed purchase, given by somebody, and not found to be unfounded."""
    return completed and not by_default and finding != Finding.UNFOUNDED


def praises(*, side: str, level: int, completed: bool, by_default: bool) -> bool:
    """A rating adds to its provider's credit: the highest level, given by somebody, of a completed purchase."""
    return side == Side.PROVIDER and level == HIGHEST and counts(completed=completed, by_default=by_default, finding="")


@dataclass(frozen=True)
class Mean:
    """What ratings come to.  overall: of all points given; by_dimension; n: of how many ratings. None for none."""

    overall: Decimal | None
    by_dimension: Mapping[str, Decimal | None]
    n: int


def mean_of(given: Sequence[Mapping[str, int]], *, side: Side) -> Mean:
    """The means of the ratings of one side, each the sum of its points divided by their number, rounded once.

    given: the points of each rating that counts, 1–5 by dimension.
    Returns two decimals, half up. The order of ratings does not matter; nothing is smoothed or carried on.
    """
    columns = {key: [scores[key] for scores in given] for key in DIMENSIONS[side]}
    points = [point for column in columns.values() for point in column]
    return Mean(_mean(points), {key: _mean(column) for key, column in columns.items()}, len(given))


def _mean(points: Iterable[int]) -> Decimal | None:
    told = list(points)
    return (Decimal(sum(told)) / len(told)).quantize(FEN, ROUND_HALF_UP) if told else None
