"""By which channel a grievance goes, to whom, until when, and what may come of it. Rows of data by regime. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from market.projects.periods import Period, Unit
from market.projects.rules import Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason

LONGEST = 4000  # characters
MOST_POINTS = 10
MOST_OPEN = 5  # of one organisation about one purchase
UNFOUNDED_MOST = 3  # within the months below it is an abuse
WINDOW = timedelta(days=365)
ABUSE = Article("94号令", "第37条")


class About(StrEnum):
    """What a grievance is about."""

    DOCUMENTS = "documents"
    PROCESS = "process"
    RESULT = "result"
    NOTICE = "notice"
    PROVIDER = "provider"
    OWNER = "owner"
    STAFF = "staff"
    EXPERT = "expert"


OF_A_PURCHASE = frozenset({About.DOCUMENTS, About.PROCESS, About.RESULT, About.NOTICE, About.OWNER})


class State(StrEnum):
    """Where a complaint stands."""

    FILED = "filed"
    INCOMPLETE = "incomplete"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


LIFE: Machine[State] = Machine(
    {
        State.FILED: frozenset({State.INCOMPLETE, State.ACCEPTED, State.REFUSED, State.WITHDRAWN}),
        State.INCOMPLETE: frozenset({State.FILED, State.REFUSED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset({State.DECIDED, State.WITHDRAWN}),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
        State.DECIDED: frozenset(),
    },
    code="complaint.state",
)
OPEN = frozenset({State.FILED, State.INCOMPLETE, State.ACCEPTED})


class Outcome(StrEnum):
    """What a complaint comes to."""

    UNFOUNDED = "unfounded"
    FABRICATED = "fabricated"  # false facts, forged or unlawfully gained material
    NO_EFFECT = "no-effect"  # founded, and the result stands
    CORRECT = "correct"  # founded: the documents are changed, or it is tendered again
    VOID = "void"  # founded: the result is void, the next in turn or a new purchase
    WARNED = "warned"  # founded: outside a purchase; the one complained of corrects himself


FOUNDED = frozenset({Outcome.NO_EFFECT, Outcome.CORRECT, Outcome.VOID, Outcome.WARNED})
LOST = frozenset({Outcome.UNFOUNDED, Outcome.FABRICATED})


@dataclass(frozen=True)
class Route:
    """One channel.

    regimes: of the purchases it is for; empty: of none.  about: what it is for.  step: what the first step is called,
    empty where there is none.  step_within: the first step after knowing.  step_answer: its answer.  within: the
    complaint after the answer, or after knowing where no first step is asked.  check: whether it is complete.
    supplement: to complete it.  other: the answer of the other side.  decide: the decision.  body: the competent body.
    anybody: not only who takes part, or could have.  publishes: its decision is announced.  outcomes: it may have.
    """

    key: str
    regimes: frozenset[str]
    about: frozenset[About]
    step: str
    step_within: Period | None
    step_answer: Period | None
    within: Period
    check: Period
    supplement: Period
    other: Period
    decide: Period
    body: str
    law: Article
    scope: Article | None
    anybody: bool
    publishes: Article | None
    outcomes: frozenset[Outcome]
    edition: str
    at_award: bool = False  # the first step is put at the award desk, while the candidates are published


def _gp(number: int, amount: int, unit: Unit = Unit.WORKING_DAYS, law: str = "政府采购法") -> Period:
    return Period(amount, unit, Article(law, f"第{number}条"))


_TRADE = frozenset({About.DOCUMENTS, About.PROCESS, About.RESULT})
_JUDGED = frozenset({Outcome.UNFOUNDED, Outcome.FABRICATED, Outcome.NO_EFFECT, Outcome.CORRECT, Outcome.VOID})
_MILD = frozenset({Outcome.UNFOUNDED, Outcome.FABRICATED, Outcome.NO_EFFECT, Outcome.WARNED})
_HOUSE = own(62)


def _days(amount: int) -> Period:
    return Period(amount, Unit.WORKING_DAYS, _HOUSE)


_A_CHECK = Period(3, Unit.WORKING_DAYS, Article("招标投标法实施条例", "第61条"))
_B = Route(
    "b", frozenset({"B", "C"}), _TRADE, "质疑", _gp(52, 7), _gp(53, 7), _gp(55, 15), _gp(21, 5, law="94号令"),
    _gp(21, 5, law="94号令"), _gp(23, 5, law="94号令"), _gp(56, 30), "财政部门", Article("政府采购法", "第55条"),
    Article("政府采购法实施条例", "第55条"), False, Article("94号令", "第33条"), _JUDGED, "94-2018",
)  # fmt: skip
ROUTES: tuple[Route, ...] = (
    Route(
        "a-documents", frozenset({"A"}), frozenset({About.DOCUMENTS}), "异议", None,
        Period(3, Unit.DAYS, Article("招标投标法实施条例", "第22条")),
        Period(10, Unit.DAYS, Article("招标投标法实施条例", "第60条")), _A_CHECK, _A_CHECK, _A_CHECK,
        Period(30, Unit.WORKING_DAYS, Article("招标投标法实施条例", "第61条")), "行业行政监督部门",
        Article("招标投标法实施条例", "第60条"), None, False, None, _JUDGED, "ztb-2019",
    ),
    Route(
        "a-process", frozenset({"A"}), frozenset({About.PROCESS}), "异议", None, None,
        Period(10, Unit.DAYS, Article("招标投标法实施条例", "第60条")), _A_CHECK, _A_CHECK, _A_CHECK,
        Period(30, Unit.WORKING_DAYS, Article("招标投标法实施条例", "第61条")), "行业行政监督部门",
        Article("招标投标法实施条例", "第44条"), None, False, None, _JUDGED, "ztb-2019",
    ),
    Route(
        "a-result", frozenset({"A"}), frozenset({About.RESULT}), "异议", None,
        Period(3, Unit.DAYS, Article("招标投标法实施条例", "第54条")),
        Period(10, Unit.DAYS, Article("招标投标法实施条例", "第60条")), _A_CHECK, _A_CHECK, _A_CHECK,
        Period(30, Unit.WORKING_DAYS, Article("招标投标法实施条例", "第61条")), "行业行政监督部门",
        Article("招标投标法实施条例", "第60条"), None, False, None, _JUDGED, "ztb-2019", at_award=True,
    ),
    _B,
    Route(
        "d", frozenset({"D"}), frozenset({*_TRADE, About.NOTICE}), "", None, None, _days(15), _days(5), _days(5),
        _days(5), _days(30), "公共资源交易监管部门", _HOUSE, None, True, _HOUSE, _JUDGED, "mb-2026",
    ),
    Route(
        "notice", frozenset("ABC"), frozenset({About.NOTICE}), "", None, None, _days(15), _days(5), _days(5),
        _days(5), _days(30), "公共资源交易监管部门", _HOUSE, None, True, None, _MILD | {Outcome.CORRECT}, "mb-2026",
    ),
    Route(
        "owner", frozenset("ABCD"), frozenset({About.OWNER}), "", None, None, _days(60), _days(5), _days(5), _days(5),
        _days(30), "公共资源交易监管部门", _HOUSE, None, True, None, _MILD, "mb-2026",
    ),
    Route(
        "conduct", frozenset(), frozenset({About.PROVIDER, About.STAFF, About.EXPERT}), "", None, None, _days(60),
        _days(5), _days(5), _days(5), _days(30), "公共资源交易监管部门", _HOUSE, None, True, None, _MILD, "mb-2026",
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Route] = {route.key: route for route in ROUTES}


def route_of(about: About, regime: str = "") -> Route | None:
    """The channel for this grievance; None where a purchase has to be named first.

    regime: of the purchase, empty where none is named.
    """
    wanted = regime if about in OF_A_PURCHASE else ""
    return next(
        (row for row in ROUTES if about in row.about and (wanted in row.regimes if wanted else not row.regimes)), None
    )


def due(period: Period, start: datetime, *, answered: timedelta = timedelta()) -> datetime:
    """When a period is over.  answered: the time in which the first step was answered, which is not counted.

    Law: 招标投标法实施条例 第60条.
    """
    return period.due(start + answered)


def why_not_challenge(
    *, route: Route | None, stage: str, points: Sequence[str], waiting: int, known_at: datetime, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against the first step: a supplier, in its days after knowing, every point by itself.

    waiting: of its own about this purchase that wait for an answer.
    Law: 政府采购法 第52条; 94号令 第10条; 招标投标法实施条例 第22条, 第44条, 第54条.
    """
    if by.role is not Role.PROVIDER or not by.organisation:
        return (Reason("challenge.not-provider", Kind.NOT_YOURS, "仅供应商可以提出"),)
    if route is None or not route.step:
        return (Reason("challenge.no-step", Kind.NOT_VALID, "此类事项没有前置程序，可以直接投诉"),)
    if route.at_award:
        text = "应在{terms.candidate}公示期内，在结果页提出异议"
        return (Reason("challenge.at-award", Kind.NOT_NOW, text, route.law),)
    if stage == Stage.DRAFT or known_at > at:
        return (Reason("challenge.not-now", Kind.NOT_NOW, "尚未公告，不能提出"),)
    if route.step_within and at >= route.step_within.due(known_at):
        values = {"step": route.step, "period": route.step_within.words}
        text = "{step}应自知道之日起{period}内提出，期限已过"
        return (Reason("challenge.late", Kind.NOT_NOW, text, route.step_within.law, values),)
    if waiting >= MOST_OPEN:
        return (Reason("challenge.too-many", Kind.NOT_NOW, "已有待答复的{step}过多", None, {"step": route.step}),)
    return _why_not_points(points)


def _why_not_points(points: Sequence[str]) -> tuple[Reason, ...]:
    if not points or not all(point.strip() for point in points):
        return (Reason("complaint.no-points", Kind.NOT_VALID, "应逐项写明事项、事实和依据"),)
    if len(points) > MOST_POINTS or max(map(len, points)) > LONGEST:
        values = {"most": MOST_POINTS, "longest": LONGEST}
        return (
            Reason("complaint.length", Kind.NOT_VALID, "不得超过 {most} 项，每项不得超过 {longest} 字", None, values),
        )
    return ()


def why_not_answer(*, buyer: str, answered: bool, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against answering a first step: the buyer's officer, once, in words."""
    if shut := why_not_officer(buyer=buyer, by=by):
        return shut
    if answered:
        return (Reason("challenge.answered", Kind.NOT_NOW, "已经答复"),)
    if not text.strip() or len(text) > LONGEST:
        return (Reason("challenge.no-answer", Kind.NOT_VALID, "应写明答复"),)
    return ()


@dataclass(frozen=True)
class Prior:
    """The first step a complaint follows.

    whose: credit code.  points: what it said.  answered: None while it waits.
    """

    whose: str
    points: tuple[str, ...]
    raised: datetime
    due: datetime
    answered: datetime | None

    def over_at(self, at: datetime) -> datetime | None:
        """From when the complaint's days run: the answer, or the end of its time without one; None before."""
        if self.answered:
            return self.answered
        return self.due if at >= self.due else None


def why_not_file(
    *, route: Route | None, needs_purchase: bool, prior: Prior | None, points: Sequence[str], request: str,
    interest: str, known_at: datetime, open_ones: int, by: Actor, at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a complaint: who may, after which step, within which days, not beyond what was said before.

    interest: how the complainant is concerned.  known_at: when it came to know, where no first step is asked.
    open_ones: its complaints about this purchase that are not ended.
    Law: 政府采购法 第55条; 政府采购法实施条例 第55条; 94号令 第17条; 招标投标法实施条例 第60条.
    """
    if not by.person or not by.organisation:
        return (
            Reason(
                "complaint.nobody", Kind.NOT_YOURS, "投诉须实名，请先登录；不便实名的，可以拨打12345或者向监督机关举报"
            ),
        )
    if route is None:
        text = "请写明项目编号" if needs_purchase else "没有这类投诉"
        return (Reason("complaint.no-route", Kind.NOT_VALID, text),)
    if not route.anybody and by.role is not Role.PROVIDER:
        return (Reason("complaint.not-concerned", Kind.NOT_YOURS, "仅参加采购活动的供应商可以投诉", route.law),)
    begins: datetime | None = known_at
    if route.step:
        if prior is None or prior.whose != by.organisation:
            text = "投诉前应先提出{step}"
            return (Reason("complaint.step-first", Kind.NOT_NOW, text, route.law, {"step": route.step}),)
        begins = prior.over_at(at)
        if begins is None:
            text = "{step}尚在答复期内，答复或者期满后方可投诉"
            return (Reason("complaint.unanswered", Kind.NOT_NOW, text, route.law, {"step": route.step}),)
    if begins is None or begins > at:
        return (Reason("complaint.known-later", Kind.NOT_VALID, "知道的时间不能晚于现在"),)
    if at >= route.within.due(begins):
        text = "应在{period}内投诉，期限已过"
        return (Reason("complaint.late", Kind.NOT_NOW, text, route.within.law, {"period": route.within.words}),)
    if open_ones >= MOST_OPEN:
        return (Reason("complaint.too-many", Kind.NOT_NOW, "对本项目已有处理中的投诉过多"),)
    reasons = list(_why_not_points(points))
    if prior is not None and route.scope and not set(points) <= set(prior.points):
        text = "投诉事项不得超出已经{step}的范围"
        reasons.append(Reason("complaint.beyond", Kind.NOT_VALID, text, route.scope, {"step": route.step}))
    if not request.strip() or len(request) > LONGEST:
        reasons.append(Reason("complaint.no-request", Kind.NOT_VALID, "应写明投诉请求"))
    if not interest.strip() or len(interest) > LONGEST:
        reasons.append(Reason("complaint.no-interest", Kind.NOT_VALID, "应写明与本事项的关系"))
    return tuple(reasons)


def why_not_handle(*, body: str, state: State, to: State, by: Actor) -> tuple[Reason, ...]:
    """Reasons against an act of the authority: a supervisor of the competent body alone, where the case stands so."""
    if by.role is not Role.SUPERVISOR or by.organisation != body:
        return (Reason("complaint.not-competent", Kind.NOT_YOURS, "仅受理部门的人员可以办理"),)
    return LIFE.why_not(state, to)


def why_not_tell_defects(
    *, body: str, state: State, told: bool, defects: Sequence[str], checked_by: datetime, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against telling what is missing: all of it, once, within the days of the check.

    Law: 94号令 第21条.
    """
    if shut := why_not_handle(body=body, state=state, to=State.INCOMPLETE, by=by):
        return shut
    if told:
        text = "需要补正的内容只能一次性告知；不能再次要求补正"
        return (Reason("complaint.told-once", Kind.NOT_NOW, text, Article("94号令", "第21条")),)
    if at >= checked_by:
        text = "审查期限已过，应当受理或者不予受理"
        return (Reason("complaint.check-over", Kind.NOT_NOW, text, Article("94号令", "第21条")),)
    return _why_not_points(defects)


def why_not_complete(*, own: bool, state: State, text: str, until: datetime | None, at: datetime) -> tuple[Reason, ...]:
    """Reasons against completing a complaint: who filed it, while it is asked for."""
    if not own:
        return (Reason("complaint.not-yours-to-complete", Kind.NOT_YOURS, "仅投诉人可以补正"),)
    if state is not State.INCOMPLETE or until is None:
        return (Reason("complaint.nothing-asked", Kind.NOT_NOW, "现在没有需要补正的内容"),)
    if at >= until:
        return (Reason("complaint.supplement-late", Kind.NOT_NOW, "补正期限已过"),)
    return _why_not_text(text)


def why_not_reply(*, concerned: bool, state: State, replied: bool, text: str) -> tuple[Reason, ...]:
    """Reasons against the other side's word: who is complained of, once, after acceptance.

    Law: 94号令 第23条.
    """
    if not concerned:
        return (Reason("complaint.not-other-side", Kind.NOT_YOURS, "仅被投诉人可以答复"),)
    if state is not State.ACCEPTED or replied:
        return (Reason("complaint.no-reply-now", Kind.NOT_NOW, "现在不需要答复"),)
    return _why_not_text(text)


def why_not_withdraw(*, own: bool, state: State, text: str) -> tuple[Reason, ...]:
    """Reasons against taking a complaint back: who filed it, until it is decided."""
    if not own:
        return (Reason("complaint.not-own", Kind.NOT_YOURS, "仅投诉人可以撤回"),)
    return LIFE.why_not(state, State.WITHDRAWN) or _why_not_text(text)


def why_not_settle(
    *, body: str, state: State, to: State, route: Route, outcome: Outcome | None, text: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against accepting, refusing or deciding a complaint.

    Law: 政府采购法 第56条; 94号令 第29条; 招标投标法实施条例 第61条.
    """
    if shut := why_not_handle(body=body, state=state, to=to, by=by):
        return shut
    if to is State.DECIDED and outcome not in route.outcomes:
        return (Reason("complaint.no-outcome", Kind.NOT_VALID, "请选定处理结果"),)
    return () if to is State.ACCEPTED else _why_not_text(text)


def _why_not_text(text: str) -> tuple[Reason, ...]:
    if not text.strip() or len(text) > LONGEST:
        return (Reason("complaint.no-text", Kind.NOT_VALID, "应写明内容和理由"),)
    return ()


def is_abuse(outcomes: Collection[tuple[Outcome, datetime]], *, at: datetime) -> bool:
    """Three unfounded within twelve months, or one that was made up.  outcomes: decided, of one complainant.

    Law: 政府采购法实施条例 第57条; 94号令 第37条.
    """
    lately = [outcome for outcome, decided in outcomes if at - WINDOW < decided <= at]
    return Outcome.FABRICATED in lately or sum(each in LOST for each in lately) >= UNFOUNDED_MOST


def shows_name(stage: str) -> bool:
    """Whether the other side may know who complains: not before the opening, for it would tell who bids."""
    return stage not in (Stage.DRAFT, Stage.OPEN)
