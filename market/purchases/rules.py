"""What a purchase in the supermarket is made of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from accounts.rules import Kind as Buyer
from market.catalogue.rules import CATCH_ALL
from market.projects.conditions import ALIKE, Found, found
from market.projects.rules import (
    ENDS,
    Fund,
    Method,
    Procedure,
    Selection,
    Stage,
    Timetable,
    why_not_officer,
    why_not_timetable,
)
from market.purchases.details import LEAST_VALID, why_not_payment, why_not_rate, why_not_valid
from market.purchases.limits import SPLITTING, Bought, is_near, total, why_not_amount, why_not_split
from rulebook.actor import Actor, Role
from rulebook.calendar import CHINA
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason


@dataclass(frozen=True)
class AuctionTerms:
    """How a live reverse auction runs, announced before it begins.

    start, step: yuan; a quote is at most the best one less the step.  minutes: how long it runs at first.
    window: seconds before the end in which a quote moves the end to as many seconds after it.  most: times, at most.
    """

    start: Decimal
    step: Decimal
    minutes: int
    window: int
    most: int

    def as_json(self) -> dict[str, Any]:
        return {
            "start": str(self.start), "step": str(self.step), "minutes": self.minutes, "window": self.window,
            "most": self.most,
        }  # fmt: skip


def auction_of(value: Mapping[str, Any]) -> AuctionTerms:
    """The terms a JSON object spells."""
    return AuctionTerms(
        Decimal(value["start"]), Decimal(value["step"]), int(value["minutes"]), int(value["window"]), int(value["most"])
    )


# --- what a purchase must be before it is published ------------------------------------------------------------------

BUYS = frozenset({Buyer.BUYER, Buyer.AGENT, Buyer.ENTERPRISE, Buyer.CITIZEN})
ALONE = frozenset({Buyer.ENTERPRISE, Buyer.CITIZEN})  # one person decides; elsewhere a second one approves
TIMED = frozenset({Buyer.CITIZEN})  # who is asked for no times: the shortest that keep the rules, from publication on
FUNDS: Mapping[Buyer, tuple[Fund, ...]] = {
    Buyer.BUYER: (Fund.FISCAL, Fund.MIXED),
    Buyer.AGENT: (Fund.FISCAL, Fund.MIXED),
    Buyer.ENTERPRISE: (Fund.OWN, Fund.MIXED, Fund.FISCAL),
    Buyer.CITIZEN: (Fund.OWN,),
}
PAYS_ITSELF = Article("优化营商环境条例", "第43条")
LEAVES_OUT = own(7)
ANOTHER_WAY = own(14)
ENDED = tuple(stage.value for stage in ENDS)
FAILURES = 2  # of the same purchase; after them another way is taken
LEAST_REASON = 5  # characters


class Finding(StrEnum):
    """What a supervisor found of an alert."""

    SPLIT = "split"
    SEPARATE = "separate"


class Picked(Protocol):
    """What the choice looks at of its project."""

    @property
    def stage(self) -> str: ...
    @property
    def buyer_id(self) -> str: ...


class Step(StrEnum):
    """The steps of the wizard, in order."""

    WHAT = "what"
    CONDITIONS = "conditions"
    MONEY = "money"
    METHOD = "method"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft as the rules see it.

    kind: of the buyer.  share: of public money, 0–1.  cap: yuan.  ordered: reasons against ordering its item today.
    payer, asks, limit_days: of the item: who pays, the qualifications it asks for, and its published time limit in
    days, 0 where none can be read.  wanted: qualifications this purchase asks for.  other: further conditions, one a
    line.  excluded: [{"org", "name", "reason"}].  given: which groups of `Selection.asks` are filled in and right.
    earlier: what counts towards the year's limit.  failures: of the purchases this one follows, latest first:
    (method, cap).  payment, rate, valid_days: of `Purchase`.
    """

    kind: Buyer
    procedure: Procedure
    title: str
    demand: str
    item: str
    ordered: tuple[Reason, ...]
    payer: str
    asks: frozenset[str]
    wanted: frozenset[str]
    limit_days: int
    days: int
    other: Sequence[str]
    excluded: Sequence[Mapping[str, str]]
    fund: Fund
    share: Decimal
    cap: Decimal
    timetable: Timetable
    selects_at: datetime
    given: Mapping[str, tuple[Reason, ...]]
    earlier: Sequence[Bought]
    failures: Sequence[tuple[Method, Decimal]]
    reason: str
    contact: bool
    payment: Sequence[Mapping[str, Any]] = ()
    rate: Mapping[str, Any] | None = None
    valid_days: int = LEAST_VALID

    @property
    def public(self) -> bool:
        """Public money is in it, so that nobody may be kept out without need."""
        return self.fund is not Fund.OWN

    @property
    def selection(self) -> Selection:
        assert self.procedure.selection is not None  # a purchase has a row of the supermarket
        return self.procedure.selection

    @property
    def limit(self) -> Decimal | None:
        return self.selection.limit[0][self.fund]


@dataclass(frozen=True, slots=True)
class Hint:
    """What a drafter should look at again; nothing is refused for it.  text: with {placeholders}."""

    step: Step
    text: str
    law: Article | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False)


def why_not_buy(*, kind: Buyer, by: Actor) -> tuple[Reason, ...]:
    """Reasons against drafting a purchase: whoever buys, in its own name."""
    if by.role is not Role.OFFICER or kind not in BUYS:
        return (Reason("purchase.no-buyer", Fault.NOT_YOURS, "仅项目业主的经办人可以采购中介服务"),)
    return ()


def why_not_again(*, stage: str, buyer: str, under_way: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against beginning a failed purchase again.  under_way: that has been done and has not ended."""
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if stage != Stage.FAILED:
        return (Reason("purchase.not-failed", Fault.NOT_NOW, "流标的项目才可以重新采购"),)
    if under_way:
        return (Reason("purchase.begun-again", Fault.NOT_NOW, "已经开始重新采购"),)
    return ()


def why_not_complete(plan: Plan, *, at: datetime) -> Mapping[Step, tuple[Reason, ...]]:
    """Everything wrong with a draft, by the step where it is set right, all at once; each with its article."""
    return {
        Step.WHAT: _why_not_what(plan),
        Step.CONDITIONS: _why_not_conditions(plan),
        Step.MONEY: _why_not_money(plan),
        Step.METHOD: why_not_method(plan),
        Step.TIME: _why_not_time(plan, at=at),
    }


def _why_not_what(plan: Plan) -> tuple[Reason, ...]:
    if not plan.item:
        return (Reason("purchase.no-item", Fault.NOT_VALID, "请从事项目录中选定要采购的服务"),)
    reasons = plan.ordered
    if plan.payer == "authority" and plan.kind in ALONE:
        text = "该事项由行政机关委托并付费，不应由您购买"
        reasons += (Reason("purchase.authority-pays", Fault.NOT_VALID, text, PAYS_ITSELF),)
    if not plan.title.strip() or not plan.demand.strip():
        reasons += (Reason("purchase.no-words", Fault.NOT_VALID, "请写明项目名称和服务内容"),)
    if plan.days <= 0:
        reasons += (Reason("purchase.no-days", Fault.NOT_VALID, "请写明服务期限"),)
    return reasons


def _why_not_conditions(plan: Plan) -> tuple[Reason, ...]:
    reasons: tuple[Reason, ...] = ()
    if plan.public:
        reasons += tuple(each.reason() for each in barriers(plan))
        reasons += tuple(
            Reason("purchase.more-than-item", Fault.NOT_VALID, "事项目录没有要求“{name}”，不得另设资格", ALIKE,
                   {"name": name})
            for name in sorted(plan.wanted - plan.asks)
        )  # fmt: skip
    for row in plan.excluded:
        if len(row["reason"].strip()) < LEAST_REASON:
            text = "回避“{name}”须写明理由，理由随公告公布"
            reasons += (
                Reason("purchase.no-exclusion-reason", Fault.NOT_VALID, text, LEAVES_OUT, {"name": row["name"]}),
            )
    codes = [row["org"] for row in plan.excluded]
    if len(set(codes)) != len(codes):
        reasons += (Reason("purchase.excluded-twice", Fault.NOT_VALID, "同一机构只需列一次"),)
    return reasons


def barriers(plan: Plan) -> tuple[Found, ...]:
    """Words in the conditions and in the service asked for that keep providers out."""
    return found([*plan.other, *plan.demand.splitlines()])


def _why_not_money(plan: Plan) -> tuple[Reason, ...]:
    reasons: tuple[Reason, ...] = ()
    if plan.cap <= 0:
        reasons += (Reason("purchase.no-cap", Fault.NOT_VALID, "请写明金额或者最高限价，应大于零"),)
    if plan.fund not in FUNDS[plan.kind]:
        text = "机关、事业单位需要的中介服务由本单位付费，资金来源应为财政性资金"
        if plan.kind in ALONE:
            reasons += (Reason("purchase.not-your-fund", Fault.NOT_VALID, "自然人采购使用自有资金"),)
        else:
            reasons += (Reason("purchase.pays-itself", Fault.NOT_VALID, text, PAYS_ITSELF),)
    if plan.fund is Fund.MIXED and not 0 < plan.share < 1:
        text = "混合资金应写明财政性资金所占比例，大于 0、小于 100%"
        reasons += (Reason("purchase.share", Fault.NOT_VALID, text),)
    if plan.failures and plan.cap > plan.failures[0][1]:
        text = "重新采购的限价不得高于上次的 {cap} 元"
        values = {"cap": f"{plan.failures[0][1]:,.2f}"}
        reasons += (Reason("purchase.price-raised", Fault.NOT_VALID, text, ANOTHER_WAY, values),)
    return reasons + why_not_payment(plan.payment)


def why_not_method(plan: Plan) -> tuple[Reason, ...]:
    """Reasons against its way of choosing: its limit by fund, what it still has to say, what failed before."""
    reasons = why_not_way(plan, plan.procedure)
    for group in plan.selection.asks:
        reasons += plan.given[group]
    if plan.procedure.takes_offers:
        reasons += why_not_rate(plan.rate) + why_not_valid(plan.valid_days)
    if len(plan.failures) >= FAILURES and plan.procedure.method in {method for method, _ in plan.failures[:FAILURES]}:
        text = "已连续流标{times}次，应改用其他选取方式"
        reasons += (Reason("purchase.failed-twice", Fault.NOT_VALID, text, ANOTHER_WAY, {"times": len(plan.failures)}),)
    if len(plan.failures) >= FAILURES and len(plan.reason.strip()) < LEAST_REASON:
        text = "两次流标后改用其他方式的，应写明理由，随公告公布"
        reasons += (Reason("purchase.no-reason", Fault.NOT_VALID, text, ANOTHER_WAY),)
    if plan.selection.picks and plan.excluded:
        reasons += (Reason("purchase.excludes-needlessly", Fault.NOT_VALID, "直接选取由您选定，不需要回避名单"),)
    return reasons


def why_not_way(plan: Plan, row: Procedure) -> tuple[Reason, ...]:
    """Reasons why this way of choosing is not open to a purchase at all: its limit, the year's sum."""
    assert row.selection is not None  # a row of the supermarket
    limit, law = row.selection.limit[0][plan.fund], row.selection.limit[1]
    return why_not_amount(amount=plan.cap, limit=limit, law=law) or why_not_split(
        amount=plan.cap, limit=limit, earlier=plan.earlier
    )


def _why_not_time(plan: Plan, *, at: datetime) -> tuple[Reason, ...]:
    start = max(plan.timetable.publish_at, at)
    reasons = why_not_timetable(plan.procedure, Timetable(start, plan.timetable.closes_at, plan.timetable.closes_at))
    reasons = tuple({reason.law: reason for reason in reversed(reasons)}.values())  # one period, said once
    if plan.selects_at < plan.timetable.closes_at:
        reasons += (Reason("purchase.chosen-too-early", Fault.NOT_VALID, "选取时间不得早于截止时间"),)
    if not plan.contact:
        reasons += (Reason("purchase.no-contact", Fault.NOT_VALID, "请写明联系人、电话和地址"),)
    return reasons


def hints(plan: Plan, *, at: datetime) -> tuple[Hint, ...]:
    """What to look at again before publishing: short periods, vague words, conditions, closeness to the limit."""
    told: list[Hint] = []
    for line in [*plan.other, *plan.demand.splitlines()]:
        if caught := CATCH_ALL.search(line):
            text = "“{quoted}”是兜底说法，机构不知道要准备什么；请列明，或者删去"
            told.append(Hint(Step.CONDITIONS, text, None, {"quoted": caught.group()}))
    if not plan.public:
        told += [Hint(Step.CONDITIONS, each.barrier.why, each.barrier.law,
                      {"text": each.text, "word": each.word}) for each in barriers(plan)]  # fmt: skip
        told += [Hint(Step.CONDITIONS, "事项目录没有要求“{name}”，多一项资格就少几家机构", None, {"name": name})
                 for name in sorted(plan.wanted - plan.asks)]  # fmt: skip
    if not plan.payment and plan.kind not in TIMED:
        told.append(Hint(Step.MONEY, "没有写明分几笔、何时付款；写明了，机构报价更准，履约时少争议"))
    if len(plan.excluded) > 2:
        text = "回避了{n}家；回避名单用来回避利害关系，不用来挑选机构，数量计入统计"
        told.append(Hint(Step.CONDITIONS, text, LEAVES_OUT, {"n": len(plan.excluded)}))
    if 0 < plan.days < plan.limit_days:
        text = "服务期限{days}日，短于事项目录公布的办理时限{limit}日，可能无人报名"
        told.append(Hint(Step.WHAT, text, None, {"days": plan.days, "limit": plan.limit_days}))
    if is_near(amount=plan.cap, limit=plan.limit, earlier=plan.earlier):
        text = "本年度同一事项的直接选取累计将达 {sum} 元，接近限额 {limit} 元；再有一次即应改用其他方式"
        values = {"sum": f"{total(plan.earlier) + plan.cap:,.2f}", "limit": f"{plan.limit:,.2f}"}
        told.append(Hint(Step.METHOD, text, SPLITTING, values))
    if plan.kind in TIMED:
        return tuple(told)
    start, closes = max(plan.timetable.publish_at, at), plan.timetable.closes_at
    if plan.selection.enrolment.amount and closes - start < timedelta(days=5) and plan.procedure.for_real:
        text = "从公告到截止不足五天，接近规则允许的最短期限；多留几天，参加的机构会更多"
        told.append(Hint(Step.TIME, text, plan.selection.enrolment.law))
    if not 8 <= closes.astimezone(CHINA).hour < 20:
        told.append(Hint(Step.TIME, "截止时间在夜里，来不及咨询；建议定在白天", None))
    return tuple(told)


# --- choosing directly -----------------------------------------------------------------------------------------------


def why_not_pick(
    *, project: Picked, procedure: Procedure, amount: Decimal, cap: Decimal, price_known: bool, reason: str,
    against: tuple[Reason, ...], split: tuple[Reason, ...], by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against choosing this provider at this price: who, when, then everything about it.

    against: of the gate, against this provider.  split: of the year's sum.  amount, cap: yuan.
    """
    shut = why_not_officer(buyer=project.buyer_id, by=by)
    if shut:
        return shut
    row = procedure.selection
    if row is None or not row.picks:
        return (Reason("direct.other-way", Fault.NOT_NOW, "本项目不是直接选取"),)
    if project.stage != Stage.OPEN:
        return (Reason("direct.not-open", Fault.NOT_NOW, "公告以后、选定以前才可以选定机构"),)
    reasons = against + split
    if amount <= 0 or amount > cap:
        text = "价格应大于零，且不高于公告的最高限价 {cap} 元"
        reasons += (Reason("direct.price", Fault.NOT_VALID, text, row.limit[1], {"cap": f"{cap:,.2f}"}),)
    elif price_known and amount != cap:
        text = "公告的价格是固定的，应为 {cap} 元"
        reasons += (Reason("direct.fixed-price", Fault.NOT_VALID, text, row.limit[1], {"cap": f"{cap:,.2f}"}),)
    if len(reason.strip()) < LEAST_REASON:
        text = "请写明为什么选定这一家，理由随结果公布"
        reasons += (Reason("direct.no-reason", Fault.NOT_VALID, text, row.limit[1]),)
    return reasons


# --- alerts of split purchases ---------------------------------------------------------------------------------------


def why_not_look_into(*, owner: str, closed: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking an alert: a supervisor, while nobody has it."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("alert.not-supervisor", Fault.NOT_YOURS, "由监督人员办理"),)
    if closed or owner:
        return (Reason("alert.taken", Fault.NOT_NOW, "该预警已有人办理"),)
    return ()


def why_not_find(*, owner: str, closed: bool, finding: str, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against closing an alert: its owner, once, with what was found."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("alert.not-supervisor", Fault.NOT_YOURS, "由监督人员办理"),)
    if closed:
        return (Reason("alert.closed", Fault.NOT_NOW, "该预警已办结"),)
    if owner != by.person:
        return (Reason("alert.not-owner", Fault.NOT_YOURS, "请先接办；由接办人写结论"),)
    if finding not in set(Finding) or len(text.strip()) < LEAST_REASON:
        return (Reason("alert.no-finding", Fault.NOT_VALID, "请选择结论，并写明查明的事实"),)
    return ()
