"""Which ban is in force when, for what; which decisions can be recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

# 适用范围: A 招标投标法 · B 政府采购法招标 · C 政府采购非招标方式 · D 中介超市.
REGIMES = "ABCD"


@dataclass(frozen=True, slots=True)
class Basis:
    """A power to ban: its article, the shortest and the longest term in whole years, and what the ban keeps out of."""

    law: Article
    shortest: int
    longest: int
    regimes: str


BASES: Mapping[str, Basis] = {
    "gp-77": Basis(Article("政府采购法", "第77条"), 1, 3, "BC"),
    "gp-78": Basis(Article("政府采购法", "第78条"), 1, 3, "BC"),
    "gpr-72": Basis(Article("政府采购法实施条例", "第72条"), 1, 3, "BC"),
    "zb-50": Basis(Article("招标投标法", "第50条"), 1, 2, "A"),
    "zb-53": Basis(Article("招标投标法", "第53条"), 1, 2, "A"),
    "zb-54": Basis(Article("招标投标法", "第54条"), 1, 3, "A"),
    "zb-60": Basis(Article("招标投标法", "第60条"), 2, 5, "A"),
    "apl-9": Basis(Article("行政处罚法", "第9条"), 1, 5, "ABCD"),  # 限制从业; its term is another law's, to verify
}


class Ban(Protocol):
    """What rules need to know of a recorded ban. The model row fits."""

    authority: str
    decision_no: str
    basis: str
    regimes: str
    starts_on: date
    ends_on: date
    lifted_on: date | None


def last_day(starts_on: date, years: int) -> date:
    """The last day of a ban of whole years that begins with the day it starts on.

    2026-03-01 for 1 year lasts through 2027-02-28; a 29 February without its like ends with the month.
    """
    try:
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    except ValueError:
        return date(starts_on.year + years, 2, 28)


def in_force(ban: Ban, *, on: date) -> bool:
    """Whether a ban binds on a day: from its first through its last, unless lifted; no residue afterwards.

    Law: 政府采购法实施条例 第19条.
    """
    return ban.starts_on <= on <= ban.ends_on and (ban.lifted_on is None or on < ban.lifted_on)


def why_not_take_part(bans: Iterable[Ban], *, regime: str, on: date) -> tuple[Reason, ...]:
    """Reasons against somebody's part in a procurement of a regime: each ban that binds on the day."""
    return tuple(
        Reason(
            "blacklist.banned",
            Kind.NOT_NOW,
            "{authority}以{decision_no}决定禁止其参加此类采购活动，至{ends_on}止",
            BASES[ban.basis].law,
            {"authority": ban.authority, "decision_no": ban.decision_no, "ends_on": ban.ends_on.isoformat()},
        )
        for ban in bans
        if regime in ban.regimes and in_force(ban, on=on)
    )


def why_not_keep(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against recording or lifting anything: the supervision does it."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("blacklist.not-supervisor", Kind.NOT_YOURS, "仅监督管理部门可登记或解除禁入决定"),)
    return ()


def why_not_impose(
    *, code: str, basis: str, regimes: str, decided_on: date, starts_on: date, ends_on: date, by: Actor, on: date
) -> tuple[Reason, ...]:
    """Reasons against recording a decision: who, then what.

    on: the day it is recorded, a decision is not recorded before it is made.
    Law: the article of each row of BASES bounds its term and its reach.
    """
    if reasons := why_not_keep(by=by):
        return reasons
    if basis not in BASES:
        return (Reason("blacklist.no-such-basis", Kind.NOT_VALID, "没有这样的法律依据"),)
    row = BASES[basis]
    reasons = tuple(why_not_credit_code(code))
    if not regimes or not set(regimes) <= set(row.regimes):
        reasons += (Reason("blacklist.beyond-reach", Kind.NOT_VALID, "禁入范围超出所依据条款的适用范围", row.law),)
    if decided_on > on:
        reasons += (Reason("blacklist.not-yet-decided", Kind.NOT_VALID, "决定日期不能晚于登记日期"),)
    if starts_on < decided_on:
        reasons += (Reason("blacklist.backdated", Kind.NOT_VALID, "禁入起始日不能早于决定日期"),)
    if not last_day(starts_on, row.shortest) <= ends_on <= last_day(starts_on, row.longest):
        text = "所依据条款的禁入期为{shortest}年至{longest}年"
        term = {"shortest": row.shortest, "longest": row.longest}
        reasons += (Reason("blacklist.wrong-term", Kind.NOT_VALID, text, row.law, term),)
    return reasons


def why_not_lift(ban: Ban, *, by: Actor, on: date) -> tuple[Reason, ...]:
    """Reasons against lifting a ban: who, then when."""
    if reasons := why_not_keep(by=by):
        return reasons
    if ban.lifted_on is not None:
        return (Reason("blacklist.already-lifted", Kind.NOT_NOW, "该禁入决定已经解除"),)
    if on > ban.ends_on:
        return (Reason("blacklist.already-over", Kind.NOT_NOW, "该禁入期已经届满，无需解除"),)
    return ()
