"""Suspending a purchase: on which grounds, what rests meanwhile, and how its clocks go on afterwards. Pure.

Bids and enrolments are taken all the while: what is sealed harms nobody. What rests is everything after that.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from market.projects.periods import Period, Unit
from market.projects.rules import Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST_TEXT = 2000  # characters
AHEAD = timedelta(minutes=10)  # a deadline so near is moved while the purchase rests, a later one when it goes on
UNDER_WAY = frozenset({Stage.OPEN, Stage.DECIDING, Stage.PROPOSED, Stage.AWARDED, Stage.CONTRACTED})
PLATFORM = own(60)


class Act(StrEnum):
    """What may rest."""

    OPENING = "opening"
    JUDGING = "judging"
    CHOICE = "choice"
    AWARD = "award"
    CONTRACT = "contract"
    PERFORMANCE = "performance"


EVERYTHING = frozenset(Act)


@dataclass(frozen=True)
class Ground:
    """One ground of suspension.

    law: its article, also the reason of every act it holds up.  regimes: under which laws.  orders: who may suspend on
    it.  stages: while the purchase is in one of them.  stops: what rests.  most: how long at most.
    numbered: the order is a document with a number.
    """

    key: str
    words: str
    law: Article
    regimes: frozenset[str]
    orders: Role
    stages: frozenset[Stage]
    stops: frozenset[Act]
    most: Period
    numbered: bool = False


PAUSE = Article("政府采购法", "第57条")
GROUNDS: tuple[Ground, ...] = (
    Ground(
        "complaint-b", "处理投诉期间，监督部门书面通知暂停采购活动", PAUSE, frozenset({"B", "C"}), Role.SUPERVISOR,
        UNDER_WAY, EVERYTHING, Period(30, Unit.DAYS, PAUSE), numbered=True,
    ),
    Ground(
        "complaint-a", "处理投诉期间，行政监督部门责令暂停招标投标活动", Article("招标投标法实施条例", "第62条"),
        frozenset({"A"}), Role.SUPERVISOR, UNDER_WAY, EVERYTHING,
        Period(30, Unit.WORKING_DAYS, Article("招标投标法实施条例", "第61条")), numbered=True,
    ),
    Ground(
        "complaint-d", "处理投诉期间，监管部门通知暂停选取活动", own(61),
        frozenset({"D"}), Role.SUPERVISOR, UNDER_WAY, EVERYTHING,
        Period(30, Unit.DAYS, own(61)), numbered=True,
    ),
    Ground(
        "question", "质疑事项可能影响中标（成交）结果，答复前暂停签订合同、中止履行合同",
        Article("政府采购法实施条例", "第54条"), frozenset({"B", "C"}), Role.OFFICER,
        frozenset({Stage.PROPOSED, Stage.AWARDED, Stage.CONTRACTED}), frozenset({Act.CONTRACT, Act.PERFORMANCE}),
        Period(7, Unit.WORKING_DAYS, Article("政府采购法", "第53条")),
    ),
    Ground(
        "objection", "对招标文件的异议答复前，暂停招标投标活动", Article("招标投标法实施条例", "第22条"),
        frozenset({"A"}), Role.OFFICER, frozenset({Stage.OPEN}), EVERYTHING,
        Period(3, Unit.DAYS, Article("招标投标法实施条例", "第22条")),
    ),
    Ground(
        "own", "出现须先行查明的情况，暂停接下来的程序", PLATFORM, frozenset("ABCD"), Role.OFFICER,
        frozenset({Stage.OPEN}), EVERYTHING, Period(30, Unit.DAYS, PLATFORM),
    ),
)  # fmt: skip
BY_KEY = {ground.key: ground for ground in GROUNDS}


@dataclass(frozen=True)
class Stop:
    """One suspension as clocks see it.  until: its announced end; ended: when it ended in fact."""

    ground: str
    started: datetime
    until: datetime
    ended: datetime | None = None

    def over_at(self, at: datetime) -> datetime | None:
        """When it was over, as known at an instant; None while it lasts: its announced end needs nobody's word."""
        end = min(self.until, self.ended) if self.ended else self.until
        return end if at >= end else None

    def holds(self, act: Act, *, at: datetime) -> bool:
        """Whether it holds this act up at an instant."""
        return act in BY_KEY[self.ground].stops and at >= self.started and self.over_at(at) is None


def why_not_while_suspended(stops: Iterable[Stop], act: Act, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons against an act while the purchase rests. It stands behind the gate of who, before that of what.

    Law: 政府采购法 第57条; 政府采购法实施条例 第54条; 招标投标法实施条例 第22条, 第62条.
    """
    held = next((stop for stop in stops if stop.holds(act, at=at)), None)
    if held is None:
        return ()
    ground = BY_KEY[held.ground]
    text = "本项目暂停中（{ground}），恢复后方可办理"
    return (Reason("project.suspended", Kind.NOT_NOW, text, ground.law, {"ground": ground.words}),)


def shifted(due: datetime, *, since: datetime, stops: Iterable[Stop], act: Act, at: datetime) -> datetime:
    """A clock's end, later by as long as what it is for rested between its beginning and its end."""
    for stop in sorted(stops, key=lambda each: each.started):
        end = stop.over_at(at) or at
        begin = max(stop.started, since)
        if act in BY_KEY[stop.ground].stops and begin < due and end > begin:
            due += end - begin
    return due


def to_move(deadline: datetime, stop: Stop, *, moved: timedelta, at: datetime) -> timedelta:
    """By how much a deadline of offers is still to be moved for this suspension, now.

    moved: by how much it was moved for it before. While the purchase rests only a deadline that is near is moved, by
    all that is left of the announced rest; when it goes on, by as long as it rested. A deadline never moves back.
    """
    over = stop.over_at(at)
    if deadline - moved <= stop.started:
        return timedelta()  # it was past when the purchase was suspended
    if over is None and deadline - at > AHEAD:
        return timedelta()
    return max(timedelta(), (over or stop.until) - stop.started - moved)


def possible(*, regime: str, stage: str, role: Role) -> tuple[Ground, ...]:
    """On which grounds somebody in this role may suspend a purchase in this stage."""
    return tuple(
        ground for ground in GROUNDS
        if regime in ground.regimes and ground.orders is role and stage in {each.value for each in ground.stages}
    )  # fmt: skip


def why_not_order(*, buyer: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons why somebody has no say in whether a purchase rests: the supervision, and the buyer's officers, do."""
    return () if by.role is Role.SUPERVISOR else why_not_officer(buyer=buyer, by=by)


def why_not_suspend(
    *, regime: str, stage: str, buyer: str, ground: str, text: str, document: str, until: datetime,
    standing: bool, before: Collection[str] = (), by: Actor, at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against suspending a purchase.

    document: the number of the supervision's order.  until: the announced end.  standing: it rests already.
    before: grounds on which it rested before; its buyer's own may be used once.
    Law: 政府采购法 第57条; 政府采购法实施条例 第54条; 招标投标法实施条例 第22条, 第62条.
    """
    if shut := why_not_order(buyer=buyer, by=by):
        return shut
    if standing:
        return (Reason("suspension.standing", Kind.NOT_NOW, "本项目已在暂停中"),)
    open_ones = {each.key: each for each in possible(regime=regime, stage=stage, role=by.role)}
    if not open_ones:
        return (Reason("suspension.not-now", Kind.NOT_NOW, "本项目现在没有可以暂停的程序"),)
    if ground not in open_ones:
        return (Reason("suspension.ground", Kind.NOT_VALID, "请选定暂停的法定情形"),)
    row = open_ones[ground]
    if ground == "own" and ground in before:
        return (Reason("suspension.once", Kind.NOT_NOW, "{terms.buyer}以此理由只可暂停一次", row.law),)
    reasons: list[Reason] = []
    if not text.strip():
        reasons.append(Reason("suspension.no-text", Kind.NOT_VALID, "应写明暂停的事由，事由随公告公布", row.law))
    if len(text) > LONGEST_TEXT:
        values = {"longest": LONGEST_TEXT}
        reasons.append(Reason("suspension.length", Kind.NOT_VALID, "事由不得超过 {longest} 字", None, values))
    if row.numbered and not document.strip():
        reasons.append(Reason("suspension.no-document", Kind.NOT_VALID, "应写明暂停通知的文号", row.law))
    if until <= at:
        reasons.append(Reason("suspension.no-end", Kind.NOT_VALID, "应写明暂停至何时，且晚于现在"))
    elif until > row.most.due(at):
        words = {"period": row.most.words}
        reasons.append(Reason("suspension.too-long", Kind.NOT_VALID, "暂停不得超过{period}", row.most.law, words))
    return tuple(reasons)


def why_not_resume(
    *, ground: str | None, buyer: str, until: datetime | None, text: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against letting a purchase go on: whoever may order the rest ends it, the supervision any; and the clock.

    ground, until: of the suspension that stands; None where there is none.
    """
    if by.role is not Role.SYSTEM and (shut := why_not_order(buyer=buyer, by=by)):
        return shut
    if ground is None or until is None:
        return (Reason("suspension.none", Kind.NOT_NOW, "本项目没有暂停"),)
    if by.role is Role.SYSTEM:
        return () if at >= until else (Reason("suspension.not-over", Kind.NOT_NOW, "暂停期未满"),)
    if by.role is not Role.SUPERVISOR and BY_KEY[ground].orders is not by.role:
        return (Reason("suspension.not-theirs", Kind.NOT_YOURS, "监督部门决定的暂停，由监督部门恢复"),)
    if not text.strip() or len(text) > LONGEST_TEXT:
        return (Reason("suspension.no-result", Kind.NOT_VALID, "应写明恢复的理由，理由随公告公布"),)
    return ()
