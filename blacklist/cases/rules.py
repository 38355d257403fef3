"""What counts against somebody under the platform's own entry agreement, what may follow, and when it binds. Pure.

The platform bans nobody: it may take points, suspend an entry, end it, or recommend a case to the authority that has
the power. Rows and their numbers are the house's own; those of repair follow 信用修复管理办法, to verify.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from rulebook.calendar import CHINA, day_in_china
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

EDITION = "2026-1"  # of the entry agreement and its catalogue of negative acts
REPAIR = Article("信用修复管理办法", "全文", "国家发展改革委令第36号")
# What whoever asks for a repair promises in public, word for word; another wording is another row in the log.
PROMISE = (
    "本单位（本人）已纠正失信行为、履行相关义务，承诺依法诚信参与交易，不再发生同类行为；违反承诺的，愿意承担相应责任。"
)


class Family(StrEnum):
    """The three families of negative acts."""

    FAITH = "faith"  # 失信: a word not kept
    TRUTH = "truth"  # 失真: something untrue
    FAIRNESS = "fairness"  # 失公: something unfair to the others


class Kind(StrEnum):
    """What a decision of the platform does to its subject; no kind is without an end."""

    POINTS = "points"
    SUSPENSION = "suspension"
    REMOVAL = "removal"


class Body(StrEnum):
    """What a subject is: known by its credit code, or by the keyed hash of an identity number."""

    ORGANISATION = "organisation"
    PERSON = "person"


class Severity(StrEnum):
    """How heavy an act is; settles how long it is shown and when it may be repaired."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Weight:
    """A row of severity.  repair_after, longest: months.  shown: on the public page.  law: whose numbers they are."""

    repair_after: int
    longest: int
    shown: bool
    law: Article


# 轻微: normally not shown, 3 months at most; 一般: 3 months to a year; 严重: a year to three. To verify.
WEIGHTS: Mapping[Severity, Weight] = {
    Severity.MINOR: Weight(0, 3, False, REPAIR),
    Severity.GENERAL: Weight(3, 12, True, REPAIR),
    Severity.SERIOUS: Weight(12, 36, True, REPAIR),
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A row of what may follow.  shortest, longest: months it can be decided for; 0 where the severity settles it.

    binds: it keeps out of new purchases.  hearing: the party may ask for one.  stays: an appeal puts it off.
    """

    shortest: int
    longest: int
    binds: bool
    hearing: bool
    stays: bool


# The house's own: an agreement may be ended, never for ever; who is removed stays out while an appeal is heard.
CONSEQUENCES: Mapping[Kind, Consequence] = {
    Kind.POINTS: Consequence(0, 0, False, False, True),
    Kind.SUSPENSION: Consequence(1, 6, True, True, True),
    Kind.REMOVAL: Consequence(12, 36, True, True, False),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """A row of the catalogue of negative acts.

    points: what it costs.  kinds: what else may follow.  rule: of the entry agreement.  law: under which it is
    recommended to the competent authority, where a law forbids it.  bodies: who can do it.
    """

    family: Family
    name: str
    severity: Severity
    points: int
    kinds: frozenset[Kind]
    rule: Article
    law: Article | None = None
    bodies: frozenset[Body] = frozenset({Body.ORGANISATION})


_ONLY_POINTS = frozenset({Kind.POINTS})
_UP_TO_SUSPENSION = frozenset({Kind.POINTS, Kind.SUSPENSION})
_ALL = frozenset(Kind)
_EITHER = frozenset(Body)
_PEOPLE = frozenset({Body.PERSON})

GROUNDS: Mapping[str, Ground] = {
    # 失真
    "false-materials": Ground(
        Family.TRUTH, "提供虚假材料", Severity.SERIOUS, 20, _ALL, own(30), Article("政府采购法", "第77条"), _EITHER
    ),
    "lending": Ground(
        Family.TRUTH, "出借、借用资质或者证书", Severity.SERIOUS, 20, _ALL, own(30),
        Article("招标投标法", "第54条"), _EITHER,
    ),
    "staff-mismatch": Ground(
        Family.TRUTH, "实际执业人员与承诺不符", Severity.GENERAL, 8, _UP_TO_SUSPENSION, own(30)
    ),
    "expired-certificate": Ground(
        Family.TRUTH, "资质证书过期仍参加报价", Severity.GENERAL, 6, _UP_TO_SUSPENSION, own(30)
    ),
    # 失信
    "giving-up": Ground(Family.FAITH, "无正当理由放弃中选", Severity.GENERAL, 6, _UP_TO_SUSPENSION, own(31)),
    "not-signing": Ground(
        Family.FAITH, "无正当理由不签订合同", Severity.GENERAL, 10, _UP_TO_SUSPENSION, own(31),
        Article("政府采购法实施条例", "第72条"),
    ),
    "price-raise": Ground(Family.FAITH, "中选后擅自加价", Severity.GENERAL, 10, _UP_TO_SUSPENSION, own(31)),
    "late": Ground(Family.FAITH, "逾期提交成果", Severity.MINOR, 3, _ONLY_POINTS, own(31)),
    "poor-result": Ground(
        Family.FAITH, "成果质量不合格被审批部门退回", Severity.GENERAL, 6, _UP_TO_SUSPENSION, own(31)
    ),
    "subcontracting": Ground(
        Family.FAITH, "擅自转包、违法分包", Severity.SERIOUS, 15, _ALL, own(31),
        Article("政府采购法实施条例", "第72条"),
    ),
    "expert-absent": Ground(
        Family.FAITH, "接受邀请后无故缺席评审", Severity.MINOR, 3, _UP_TO_SUSPENSION, own(31),
        Article("政府采购评审专家管理办法", "第21条"), _PEOPLE,
    ),
    # 失公
    "collusion": Ground(
        Family.FAIRNESS, "串通投标、串通报价", Severity.SERIOUS, 20, _ALL, own(32),
        Article("招标投标法", "第53条"), _EITHER,
    ),
    "interference": Ground(
        Family.FAIRNESS, "干预、影响评审或者选取", Severity.SERIOUS, 15, _ALL, own(32), None, _EITHER
    ),
    "complaint-abuse": Ground(
        Family.FAIRNESS, "捏造事实、滥用异议和投诉", Severity.GENERAL, 6, _UP_TO_SUSPENSION, own(32), None, _EITHER
    ),
    "expert-partial": Ground(
        Family.FAIRNESS, "评审中显失公正、应当回避而未回避", Severity.SERIOUS, 15, _ALL, own(32),
        Article("政府采购法实施条例", "第75条"), _PEOPLE,
    ),
    "leak": Ground(
        Family.FAIRNESS, "泄露应当保密的信息", Severity.SERIOUS, 15, _ALL, own(32),
        Article("政府采购法实施条例", "第75条"), _EITHER,
    ),
}  # fmt: skip


class Restricted(Protocol):
    """What rules need to know of a decided restriction. The model row fits."""

    decision_no: str
    ground: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    stayed_at: datetime | None
    resumed_at: datetime | None
    ended_at: datetime | None


def months_after(day: date, months: int) -> date:
    """The day of so many months later; the last of its month where there is no such day, which is never too long."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def midnight(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(day, time(), CHINA)


def end_of(day: date) -> datetime:
    """The first instant after a day in China: a window that ends with that day is shut from then on."""
    return midnight(day + timedelta(days=1))


def term(kind: Kind, *, ground: str, months: int, served_at: datetime) -> tuple[datetime, datetime]:
    """When a restriction begins and is over: from the day after its service on, for its months; half-open.

    months: as decided; what points last for is the row of the severity.
    Law: 政府采购法实施条例 第19条 (nothing is left after its end).
    """
    first = day_in_china(served_at) + timedelta(days=1)
    lasting = months if CONSEQUENCES[kind].longest else WEIGHTS[GROUNDS[ground].severity].longest
    return midnight(first), midnight(months_after(first, lasting))


def in_force(row: Restricted, *, at: datetime) -> bool:
    """Whether a restriction binds at an instant. Derived from its times alone, never from a tick.

    Its time runs on while an appeal stays it: nobody is kept out longer for having appealed.
    """
    if not row.starts_at <= at < row.ends_at or (row.ended_at is not None and row.ended_at <= at):
        return False
    return not (row.stayed_at is not None and row.stayed_at <= at and (row.resumed_at is None or at < row.resumed_at))


def is_shown(row: Restricted, *, at: datetime) -> bool:
    """Whether the public page has it: while it is in force, unless the act was a minor one.

    Law: 信用修复管理办法.
    """
    return in_force(row, at=at) and WEIGHTS[GROUNDS[row.ground].severity].shown


def keeps_out(row: Restricted, *, at: datetime) -> bool:
    """Whether it keeps its subject out of new purchases at an instant."""
    return CONSEQUENCES[Kind(row.kind)].binds and in_force(row, at=at)


KIND_NAMES: Mapping[Kind, str] = {
    Kind.POINTS: "扣分",
    Kind.SUSPENSION: "暂停参与",
    Kind.REMOVAL: "清退",
}


def why_not_take_part(rows: Iterable[Restricted], *, at: datetime) -> tuple[Reason, ...]:
    """Reasons of the platform's own against somebody's part in new purchases at an instant."""
    return tuple(
        Reason(
            "blacklist.restricted",
            Fault.NOT_NOW,
            "平台依入驻协议以{decision_no}决定{what}，至{until}止（平台限制，不是行政处罚）",
            GROUNDS[row.ground].rule,
            {
                "decision_no": row.decision_no,
                "what": KIND_NAMES[Kind(row.kind)],
                "until": (day_in_china(row.ends_at) - timedelta(days=1)).isoformat(),
            },
        )
        for row in rows
        if keeps_out(row, at=at)
    )
