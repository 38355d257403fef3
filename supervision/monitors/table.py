"""The monitors: one row a thing that is watched, with its limit, its article and its lights. Pure.

Periods come from the procedure's own row wherever a law sets them, so that they cannot differ; what the house promises
beyond the law is a row of its own, and a rehearsal has an hour for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from intermediaries.ratings.rules import LOW
from intermediaries.ratings.rules import RULES as RATINGS
from market.performance.ends import REPLY
from market.performance.rules import INSPECTION, PAYMENT
from market.projects.periods import Period, Unit
from market.projects.rules import Procedure
from rulebook.house import own
from rulebook.law import Article
from supervision.monitors import measures
from supervision.monitors.rules import Light, Monitor
from supervision.monitors.story import Measure

EDITION = "2026"
PROMISED, ODD = own(81), own(82)
ON_TIME = Article("87号令", "第39条")
ANSWER = Article("政府采购法实施条例", "第52条")
HOUR = Period(3600, Unit.SECONDS, PROMISED)
NEAR = Decimal("0.7")  # of a period: from here on its light is yellow


@dataclass(frozen=True, slots=True)
class On:
    """Entries of a kind, where these fields hold these values."""

    kind: str
    where: Mapping[str, object] = field(default_factory=dict)

    def __call__(self, kind: str, data: Mapping[str, object]) -> bool:
        return kind == self.kind and all(data.get(name) == value for name, value in self.where.items())


@dataclass(frozen=True, slots=True)
class Clock:
    """A period that begins with an entry and ends with another.

    title: what is awaited.  limit: of this procedure; None: nothing is awaited under it.  key: the field that tells
    which of several; "seq": the number of the entry itself.  since: what it begins with when not the entry's instant:
    a fact of the procurement.  near: from which share of it on the light is yellow.  to: what awaits it stands for
    when it is ended by its key in another field.
    """

    code: str
    title: str
    starts: tuple[On, ...]
    ends: tuple[On, ...]
    limit: Callable[[Procedure], Period | None]
    key: str = ""
    to: str = ""
    since: str = ""
    near: Decimal = NEAR
    monitor: Monitor = Monitor.TIME
    edition: str = EDITION


@dataclass(frozen=True, slots=True)
class Check:
    """A measure taken when an entry of one of these kinds comes.

    title: what it looks at.  says: what is found, with {value}.  yellow, red: from which value on; None: never.
    """

    code: str
    monitor: Monitor
    title: str
    says: str
    on: tuple[str, ...]
    measure: Measure
    law: Article
    yellow: Decimal | None = None
    red: Decimal | None = None
    edition: str = EDITION

    def light(self, value: Decimal | int) -> Light:
        """The light a value gets."""
        if self.red is not None and value >= self.red:
            return Light.RED
        return Light.YELLOW if self.yellow is not None and value >= self.yellow else Light.GREEN


@dataclass(frozen=True, slots=True)
class Share:
    """Something counted through a year, per key.  of: what it is a share of; empty: the count itself is looked at.

    least: how many there must be of `of` before a share says anything.
    """

    code: str
    title: str
    says: str
    counts: str
    law: Article
    of: str = ""
    least: int = 0
    yellow: Decimal = Decimal()
    red: Decimal | None = None
    monitor: Monitor = Monitor.ANOMALY
    edition: str = EDITION

    def light(self, value: Decimal) -> Light:
        """The light a value gets."""
        if self.red is not None and value >= self.red:
            return Light.RED
        return Light.YELLOW if value >= self.yellow else Light.GREEN


def promised(amount: int, law: Article = PROMISED) -> Callable[[Procedure], Period | None]:
    """So many working days under every procedure; an hour in a rehearsal."""
    return lambda row: Period(amount, Unit.WORKING_DAYS, law) if row.for_real else HOUR


def fixed(period: Period) -> Callable[[Procedure], Period | None]:
    """This one under every procedure; an hour in a rehearsal."""
    return lambda row: period if row.for_real else HOUR


def column(name: str) -> Callable[[Procedure], Period | None]:
    """The procedure's own."""
    return lambda row: getattr(row, name)  # type: ignore[no-any-return]


def seconds(amount: int, law: Article, *, when: Callable[[Procedure], bool]) -> Callable[[Procedure], Period | None]:
    """So many seconds, where it is awaited at all."""
    return lambda row: Period(amount, Unit.SECONDS, law) if when(row) else None


def _answer(row: Procedure) -> Period | None:
    return row.answer or promised(7, ANSWER)(row)


def _accept(row: Procedure) -> Period | None:
    return row.selection.accept if row.selection else None


def _choice(row: Procedure) -> bool:
    return row.selection is not None and not row.selection.picks


def _judged(row: Procedure) -> Period | None:
    return promised(5)(row) if row.needs_panel and not row.selection else None


TENDER = On("market.notice-published", {"type": "tender"})
MOVED, AWARD = On("tender.deadline-moved"), On("market.award-published")
CONTRACT, REPORTED = On("market.contract-recorded"), On("evaluation.reported")
# With one of these a procurement is over, and nothing is awaited of it any more.
OVER = (
    On("market.notice-published", {"type": "failure"}),
    On("market.notice-published", {"type": "cancellation"}),
)
# While it rests nothing is awaited; from its going on everything is.
RESTS = On("market.notice-published", {"type": "suspension"})
GOES_ON = On("market.notice-published", {"type": "resumption"})
CLOCKS: tuple[Clock, ...] = (
    Clock(
        "T01", "按时截止", (TENDER, MOVED), (On("tender.closed"), On("selection.enrolment-closed")),
        seconds(300, ON_TIME, when=lambda row: row.takes_offers or _choice(row)), since="closes_at",
    ),
    Clock(
        "T02", "按时开启", (TENDER, MOVED), (On("opening.hall-opened"), On("opening.doors-shut"),
        On("opening.not-opened")),
        seconds(1800, ON_TIME, when=lambda row: row.needs_hall), since="closes_at",
    ),
    Clock(
        "T03", "按时选取", (TENDER,),
        (On("selection.pool-frozen"), On("selection.short-listed"), On("selection.picked"), On("draw.announced"),
         On("auction.called"), On("sealed.quotes-fixed"), On("sealed.judge-named"), AWARD),
        seconds(3600, PROMISED, when=_choice), since="selects_at",
    ),
    Clock("T04", "开启按承诺时间结束", (On("opening.hall-opened"), On("opening.session-opened")),
          (On("opening.ended"),), promised(1)),
    Clock("T05", "评审按承诺时间完成", (On("opening.ended"), On("opening.doors-shut")), (REPORTED,), _judged),
    Clock("T06", "按期公示候选人", (REPORTED,), (On("market.notice-published", {"type": "candidates"}),),
          column("publicity_starts")),
    Clock("T07", "按期确定结果", (REPORTED,), (On("market.determined"), AWARD), column("determination")),
    Clock("T08", "按期公告结果", (On("market.determined"),), (AWARD, On("market.determination-dropped")),
          column("award_notice")),
    Clock("T09", "按期签订合同", (AWARD,), (CONTRACT, On("market.award-declined")), column("contract")),
    Clock("T10", "按期公告合同", (CONTRACT,), (On("market.notice-published", {"type": "contract"}),),
          column("contract_notice")),
    Clock("T11", "按期答复对结果的异议", (On("market.result-objected"),), (On("market.objection-answered"),), _answer,
          key="objection"),
    Clock("T12", "按期确认中选", (AWARD,), (On("market.award-accepted"), On("market.award-declined"), CONTRACT),
          _accept),
    Clock("T14", "按期验收", (On("performance.delivered"),), (On("performance.inspected"),), fixed(INSPECTION),
          key="milestone"),
    Clock("T15", "按期付款", (On("performance.completed"),), (On("paid-in-full"),), fixed(PAYMENT)),
    Clock("T16", "按期答复解除合同的通知", (On("performance.termination-noticed"),),
          (On("performance.termination-ended"),), fixed(REPLY)),
    Clock("T17", "按期整改差评", (On("rated-low"),), (On("ratings.answered"), On("ratings.found")),
          promised(RATINGS.answer.amount, RATINGS.answer.law), key="side"),
    Clock("T18", "按期核查差评", (On("ratings.answered"),), (On("ratings.found"),),
          promised(RATINGS.finding.amount, RATINGS.finding.law), key="side"),
    Clock("T19", "答复开启现场的异议", (On("opening.objected"),), (On("opening.answered"),), promised(1), key="seq",
          to="objection_seq"),
    Clock("T20", "审查低价说明", (On("auction.explained"),), (On("auction.explanation-judged"),), promised(1),
          key="org"),
)  # fmt: skip
# Milestones of an agreed plan have days of their own; each is awaited until it is delivered.
DELIVERY = Clock("T13", "按期交付", (), (On("performance.delivered"),), fixed(HOUR), key="milestone")

# Each guarantee has a day of its own, by its bidder's part in the outcome; each is awaited until it went back.
REFUND = Clock("T21", "按期退还保证金", (), (), column("refund"), monitor=Monitor.FEE)

FEW, OPENED = Article("87号令", "第41条"), Article("87号令", "第39条")
CONTRACT_LAW, ADDITION = Article("政府采购法", "第46条"), Article("政府采购法", "第49条")
DEPOSIT, CHANGES = Article("政府采购法实施条例", "第33条"), Article("政府采购法实施条例", "第31条")
SEATS, CAP = Article("87号令", "第47条"), Article("87号令", "第63条")
ONE = Decimal(1)
CENT = Decimal("0.01")
CHECKS: tuple[Check, ...] = (
    Check("P01", Monitor.PROCESS, "截止时间之前开启", "在截止时间之前开启",
          ("opening.hall-opened", "opening.doors-shut"), measures.opened_early,
          OPENED, red=ONE),
    Check("P02", Monitor.PROCESS, "未截止即开启", "没有截止记录即开启", ("opening.hall-opened", "opening.doors-shut"),
          measures.without("tender.closed"), OPENED, red=ONE),
    Check("P03", Monitor.PROCESS, "家数不足仍开启", "家数比规定少 {value} 家仍然开启", ("opening.hall-opened",),
          measures.too_few, FEW, red=ONE),
    Check("P04", Monitor.PROCESS, "开启未结束即提交评审报告", "开启没有结束，已提交评审报告", ("evaluation.reported",),
          measures.unless_opened, OPENED, red=ONE),
    Check("P05", Monitor.PROCESS, "没有评审报告即公告结果", "没有评审报告即公告结果", ("market.award-published",),
          measures.without_report, Article("87号令", "第68条"), red=ONE),
    Check("P06", Monitor.PROCESS, "没有公告结果即签合同", "没有公告结果即签订合同", ("market.contract-recorded",),
          measures.without("market.award-published"), CONTRACT_LAW, red=ONE),
    Check("P07", Monitor.PROCESS, "签约单位与中选单位不同", "签约单位不是公告的中选单位", ("market.contract-recorded",),
          measures.another_party, CONTRACT_LAW, red=ONE),
    Check("P08", Monitor.PROCESS, "没有验收即完成", "有 {value} 个节点没有验收，已登记完成", ("performance.completed",),
          measures.uninspected, Article("政府采购法", "第41条"), red=ONE),
    Check("P09", Monitor.PROCESS, "见证人未签字即结束开启", "见证人没有签字，开启已结束", ("opening.ended",),
          measures.unsigned, PROMISED, yellow=ONE),
    Check("P10", Monitor.PROCESS, "评审人数不足", "评审席位比规定少 {value} 席", ("evaluation.seated",),
          measures.seats_short,
          SEATS, red=ONE),
    Check("P11", Monitor.PROCESS, "准备时间不足", "从公告到截止不足规定的时间", ("market.notice-published",),
          measures.too_short, CHANGES, red=ONE),
    Check("P12", Monitor.PROCESS, "评审退回重做", "评审第 {value} 次退回", ("evaluation.rolled-back",),
          measures.times("evaluation.rolled-back"), Article("87号令", "第64条"), yellow=ONE, red=Decimal(2)),
    Check("F01", Monitor.FEE, "中选金额高于最高限价", "中选金额高出最高限价 {value} 元",
          ("market.award-published", "selection.chosen-directly"), measures.above_cap, CAP, red=CENT),
    Check("F02", Monitor.FEE, "合同金额与中选金额不同", "合同金额与中选金额相差 {value} 元",
          ("market.contract-recorded",),
          measures.other_price, CONTRACT_LAW, red=CENT),
    Check("F03", Monitor.FEE, "变更后金额超过合同", "变更后金额比合同高 {value}%", ("performance.plan-agreed",),
          measures.added, ADDITION, yellow=CENT, red=Decimal("10.01")),
    Check("F04", Monitor.FEE, "付款超过合同金额", "付款累计超过合同金额 {value} 元", ("performance.payment-recorded",),
          measures.overpaid, CONTRACT_LAW, red=CENT),
    Check("F05", Monitor.FEE, "保证金超过规定比例", "保证金超过规定上限 {value} 元", ("market.notice-published",),
          measures.deposit, DEPOSIT, red=CENT),
    Check("F06", Monitor.FEE, "收款有争议", "有 {value} 笔付款对方称没有收到", ("performance.payment-answered",),
          measures.disputed, PAYMENT.law, yellow=ONE, red=Decimal(2)),
    Check("F07", Monitor.FEE, "发票超过合同金额", "发票累计超过合同金额 {value} 元", ("performance.invoice-recorded",),
          measures.overbilled, CONTRACT_LAW, yellow=CENT),
    Check("A01", Monitor.ANOMALY, "多次失败", "同一需求已失败 {value} 次", ("market.notice-published",),
          measures.failed,
          ODD, yellow=Decimal(2), red=Decimal(3)),
    Check("A02", Monitor.ANOMALY, "临近截止变更时间", "距原截止时间不足一天时变更", ("tender.deadline-moved",),
          measures.moved_late, CHANGES, yellow=ONE),
    Check("A03", Monitor.ANOMALY, "排除多家机构", "公告排除了 {value} 家机构", ("market.purchase-terms",),
          measures.excluded,
          ODD, yellow=Decimal(3), red=Decimal(6)),
    Check("A06", Monitor.ANOMALY, "开启中发生故障", "登记故障 {value} 次", ("opening.incident",),
          measures.times("opening.incident"), ODD, yellow=ONE, red=Decimal(3)),
    Check("A07", Monitor.ANOMALY, "无效的多", "{value}% 没有有效开启", ("opening.ended",), measures.invalid, ODD,
          yellow=Decimal(30), red=Decimal(50)),
    Check("A08", Monitor.ANOMALY, "开启多次暂停", "开启暂停 {value} 次", ("opening.paused",),
          measures.times("opening.paused"),
          ODD, yellow=Decimal(3)),
    Check("A09", Monitor.ANOMALY, "中选金额紧贴最高限价", "三家以上参加，中选金额为最高限价的 {value}%",
          ("market.award-published",), measures.close_to_cap, ODD, yellow=Decimal(99)),
    Check("A10", Monitor.ANOMALY, "中选后放弃", "已有 {value} 家中选后放弃", ("market.award-declined",),
          measures.times("market.award-declined"), ODD, yellow=ONE, red=Decimal(2)),
    Check("A11", Monitor.ANOMALY, "多次更换评审专家", "更换评审专家 {value} 人", ("evaluation.replaced",),
          measures.times("evaluation.replaced"), ODD, yellow=Decimal(2), red=Decimal(4)),
    Check("A12", Monitor.ANOMALY, "抽取作废", "抽取作废 {value} 次", ("draw.void",), measures.times("draw.void"), ODD,
          yellow=ONE, red=Decimal(2)),
    Check("A13", Monitor.ANOMALY, "集中递交", "距截止还有一小时以上，{value} 家在两分钟内相继递交",
          ("opening.hall-opened",), measures.burst, ODD, yellow=Decimal(3)),
)  # fmt: skip
SHARES: tuple[Share, ...] = (
    Share("A04", "同一事项多次直接选取", "本年度对同一事项直接选取 {value} 次", "direct",
          ODD,
          yellow=Decimal(3), red=Decimal(5)),
    Share("A05", "集中于一家", "本年度 {value}% 的结果为同一家", "won", ODD, of="awarded", least=5, yellow=Decimal(60),
          red=Decimal(80)),
)  # fmt: skip
ROWS: Mapping[str, Clock | Check | Share] = {row.code: row for row in (*CLOCKS, DELIVERY, REFUND, *CHECKS, *SHARES)}
LOW_RATING = LOW
