"""Which decision binds when, where and for what; which can be recorded, and what ends or stays it. Pure."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.house import own
from rulebook.identity_number import born
from rulebook.jurisdiction import has_jurisdiction
from rulebook.law import Article
from rulebook.refusal import Kind, Reason
from rulebook.regions import NAMES, reaches

# 适用范围: A 招标投标法 · B 政府采购法招标 · C 政府采购非招标方式 · D 中介超市.
REGIMES = "ABCD"
SECOND = own(71)


class Subject(StrEnum):
    """Whom a decision is about."""

    ORGANISATION = "organisation"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Basis:
    """A power to ban: its article, the shortest and the longest term in whole years, what the ban keeps out of, and
    whom it may be about."""

    law: Article
    shortest: int
    longest: int
    regimes: str
    subjects: frozenset[Subject] = frozenset({Subject.ORGANISATION})


_PERSON = frozenset({Subject.PERSON})
FOR_GOOD = 99  # years: the law takes the right away and says nothing of giving it back
BASES: Mapping[str, Basis] = {
    "gp-77": Basis(Article("政府采购法", "第77条"), 1, 3, "BC"),
    "gp-78": Basis(Article("政府采购法", "第78条"), 1, 3, "BC"),
    "gpr-72": Basis(Article("政府采购法实施条例", "第72条"), 1, 3, "BC"),
    "zb-50": Basis(Article("招标投标法", "第50条"), 1, 2, "A"),
    "zb-53": Basis(Article("招标投标法", "第53条"), 1, 2, "A"),
    "zb-54": Basis(Article("招标投标法", "第54条"), 1, 3, "A"),
    "zb-60": Basis(Article("招标投标法", "第60条"), 2, 5, "A"),
    # Experts: the law names no longest term, to verify.
    "zb-56": Basis(Article("招标投标法", "第56条"), 1, FOR_GOOD, "A", _PERSON),
    "zbr-71": Basis(Article("招标投标法实施条例", "第71条"), 1, FOR_GOOD, "A", _PERSON),
    "gpr-75": Basis(Article("政府采购法实施条例", "第75条"), 1, FOR_GOOD, "BC", _PERSON),
    # 限制从业; its term is another law's, to verify
    "apl-9": Basis(Article("行政处罚法", "第9条"), 1, 5, "ABCD", frozenset(Subject)),
}


class Gravity(StrEnum):
    """How grave what was done is, as the rule on credit repair tells it apart."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Display:
    """How long a decision is shown, in months from its day: repair not before the shortest, shown to the longest."""

    shortest: int
    longest: int
    law: Article


# In force 2026-04-01; the article to verify.
REPAIR_RULE = Article("信用修复管理办法", "全文", "国家发展改革委令第36号")
DISPLAY: Mapping[Gravity, Display] = {
    Gravity.MINOR: Display(0, 3, REPAIR_RULE),
    Gravity.GENERAL: Display(3, 12, REPAIR_RULE),
    Gravity.SERIOUS: Display(12, 36, REPAIR_RULE),
}


class Fact(StrEnum):
    """What may follow a decision. Each is appended; none changes a word of the decision."""

    STAYED = "stayed"  # 复议、诉讼期间决定停止执行
    RESUMED = "resumed"  # 恢复执行
    ANNULLED = "annulled"  # 撤销
    REPAIRED = "repaired"  # 信用修复


ENDS = frozenset({Fact.ANNULLED, Fact.REPAIRED})
# The law of each: 复议、诉讼期间处罚不停止执行 unless the authority or the court says so.
FACT_LAW: Mapping[Fact, Article] = {
    Fact.STAYED: Article("行政处罚法", "第73条"),
    Fact.RESUMED: Article("行政处罚法", "第73条"),
    Fact.ANNULLED: Article("行政处罚法", "第61条"),
    Fact.REPAIRED: REPAIR_RULE,
}


class Ban(Protocol):
    """What rules need to know of a recorded ban.  facts: what followed it, in their order."""

    authority: str
    decision_no: str
    basis: str
    regimes: str
    region: str
    starts_on: date
    ends_on: date

    @property
    def followed(self) -> Sequence[str]: ...


def last_day(starts_on: date, years: int) -> date:
    """The last day of a ban of whole years that begins with the day it starts on.

    2026-03-01 for 1 year lasts through 2027-02-28; a 29 February without its like ends with the month.
    """
    try:
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    except ValueError:
        return date(starts_on.year + years, 2, 28)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def shown_until(*, decided_on: date, ends_on: date, gravity: Gravity) -> date:
    """The last day a decision is shown where its document names none: with its term, but no longer than the rule.

    Law: 信用修复管理办法.
    """
    return min(ends_on, months_later(decided_on, DISPLAY[gravity].longest))


def ended(followed: Iterable[str]) -> bool:
    """Annulled or repaired: it binds nobody any more and is shown no more."""
    return any(fact in ENDS for fact in followed)


def stayed(followed: Sequence[str]) -> bool:
    """Its execution rests, as the last word on it says."""
    said = [fact for fact in followed if fact in (Fact.STAYED, Fact.RESUMED)]
    return bool(said) and said[-1] == Fact.STAYED


def in_force(ban: Ban, *, on: date) -> bool:
    """Whether a ban binds on a day: from its first through its last, unless ended or stayed; no residue afterwards.

    Law: 政府采购法实施条例 第19条; 行政处罚法 第73条.
    """
    return ban.starts_on <= on <= ban.ends_on and not ended(ban.followed) and not stayed(ban.followed)


def binds(ban: Ban, *, regime: str, region: str, on: date) -> bool:
    """Whether it keeps its subject out of a procurement of a regime in a region on a day."""
    return regime in ban.regimes and reaches(ban.region, region) and in_force(ban, on=on)


def why_not_take_part(bans: Iterable[Ban], *, regime: str, on: date, region: str = "") -> tuple[Reason, ...]:
    """Reasons against somebody's part in a procurement of a regime in a region: each ban that binds on the day."""
    return tuple(
        Reason(
            "blacklist.banned",
            Kind.NOT_NOW,
            "{authority}以{decision_no}决定禁止其参加此类采购活动，至{ends_on}止",
            BASES[ban.basis].law,
            {"authority": ban.authority, "decision_no": ban.decision_no, "ends_on": ban.ends_on.isoformat()},
        )
        for ban in bans
        if binds(ban, regime=regime, region=region, on=on)
    )


def why_not_keep(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against recording anything: the supervision does it."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("blacklist.not-supervisor", Kind.NOT_YOURS, "仅监督管理部门可登记或解除禁入决定"),)
    return ()


def why_not_confirm(*, recorded_by: str, done: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming what another recorded: a second person of the supervision, once.

    Law: 明标平台规则 第71条.
    """
    if reasons := why_not_keep(by=by):
        return reasons
    if by.person == recorded_by:
        return (Reason("blacklist.own-record", Kind.NOT_YOURS, "须由另一名监督人员核对后确认", SECOND),)
    return why_not_open(done=done)


def why_not_open(*, done: bool) -> tuple[Reason, ...]:
    """Reasons against doing anything with a record that was confirmed or dropped."""
    return (Reason("blacklist.record-done", Kind.NOT_NOW, "该登记已经确认或者撤回"),) if done else ()


def why_not_impose(
    *, subject: str = Subject.ORGANISATION, code: str, id_number: str = "", basis: str, regimes: str, region: str = "",
    gravity: str = Gravity.SERIOUS, decided_on: date, starts_on: date, ends_on: date, publish_until: date | None = None,
    by: Actor, on: date,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against recording a decision: who, then what.

    on: the day it is recorded, a decision is not recorded before it is made.  region: digits, empty for everywhere.
    Law: the article of each row of BASES bounds its term and its reach; 信用修复管理办法.
    """
    if reasons := why_not_keep(by=by):
        return reasons
    if not has_jurisdiction(by, region):
        text = "只能登记适用于本人辖区的决定；全国或者其他地区适用的，由该地区的监督人员登记"
        return (Reason("blacklist.beyond-office", Kind.NOT_YOURS, text, own(98)),)
    if basis not in BASES:
        return (Reason("blacklist.no-such-basis", Kind.NOT_VALID, "没有这样的法律依据"),)
    row, reasons = BASES[basis], ()
    if subject == Subject.ORGANISATION:
        reasons += tuple(why_not_credit_code(code))
    elif born(id_number.strip().upper()) is None:
        reasons += (Reason("blacklist.no-such-person", Kind.NOT_VALID, "身份证号码不正确"),)
    if subject not in row.subjects:
        reasons += (Reason("blacklist.wrong-subject", Kind.NOT_VALID, "所依据条款不适用于这类对象", row.law),)
    if not regimes or not set(regimes) <= set(row.regimes):
        reasons += (Reason("blacklist.beyond-reach", Kind.NOT_VALID, "禁入范围超出所依据条款的适用范围", row.law),)
    if region and region not in NAMES:
        reasons += (Reason("blacklist.no-such-region", Kind.NOT_VALID, "没有这样的地区"),)
    return reasons + _why_not_terms(row, gravity, decided_on, starts_on, ends_on, publish_until, on=on)


def _why_not_terms(
    row: Basis, gravity: str, decided_on: date, starts_on: date, ends_on: date, publish_until: date | None, *, on: date
) -> tuple[Reason, ...]:
    """What is wrong with the days of a decision."""
    reasons: tuple[Reason, ...] = ()
    if decided_on > on:
        reasons += (Reason("blacklist.not-yet-decided", Kind.NOT_VALID, "决定日期不能晚于登记日期"),)
    if starts_on < decided_on:
        reasons += (Reason("blacklist.backdated", Kind.NOT_VALID, "禁入起始日不能早于决定日期"),)
    if not last_day(starts_on, row.shortest) <= ends_on <= last_day(starts_on, row.longest):
        text = "所依据条款的禁入期为{shortest}年至{longest}年"
        term = {"shortest": row.shortest, "longest": row.longest}
        reasons += (Reason("blacklist.wrong-term", Kind.NOT_VALID, text, row.law, term),)
    if gravity not in set(Gravity):
        return (*reasons, Reason("blacklist.no-such-gravity", Kind.NOT_VALID, "请选择失信程度"))
    shown = DISPLAY[Gravity(gravity)]
    if publish_until and not decided_on <= publish_until <= months_later(decided_on, shown.longest):
        text = "公示期自决定之日起最长{months}个月"
        reasons += (Reason("blacklist.wrong-display", Kind.NOT_VALID, text, shown.law, {"months": shown.longest}),)
    return reasons


def why_not_note(
    *, fact: str, followed: Sequence[str], decided_on: date, ends_on: date, gravity: str, authority: str,
    document_no: str, reason: str, by: Actor, on: date,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against noting what followed a decision: who, when, what. Always with the document of who decided it.

    An appeal alone stays nothing; a stay is what the authority or the court said. A repair has its shortest term.
    Law: 行政处罚法 第61条, 第73条; 信用修复管理办法.
    """
    if reasons := why_not_keep(by=by):
        return reasons
    if fact not in set(Fact):
        return (Reason("blacklist.no-such-fact", Kind.NOT_VALID, "请选择要登记的事项"),)
    if ended(followed):
        return (Reason("blacklist.already-lifted", Kind.NOT_NOW, "该禁入决定已经撤销或者修复"),)
    if on > ends_on:
        return (Reason("blacklist.already-over", Kind.NOT_NOW, "该禁入期已经届满，无需登记"),)
    law = FACT_LAW[Fact(fact)]
    if fact == Fact.STAYED and stayed(followed):
        return (Reason("blacklist.already-stayed", Kind.NOT_NOW, "该决定已经停止执行", law),)
    if fact == Fact.RESUMED and not stayed(followed):
        return (Reason("blacklist.not-stayed", Kind.NOT_NOW, "该决定没有停止执行", law),)
    if fact == Fact.REPAIRED:
        may_from = months_later(decided_on, DISPLAY[Gravity(gravity)].shortest)
        if on < may_from:
            text, told = "最短公示期未满，{day}起方可修复", {"day": may_from.isoformat()}
            return (Reason("blacklist.repaired-too-soon", Kind.NOT_NOW, text, law, told),)
    if not (authority.strip() and document_no.strip() and reason.strip()):
        return (Reason("blacklist.no-document", Kind.NOT_VALID, "应写明作出机关、文书编号和内容", law),)
    return ()
