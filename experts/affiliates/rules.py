"""Which organisations belong together, who may say so, and for how long it keeps their people from a panel. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from experts.registry.rules import COOLING_YEARS, RECUSAL, later, why_not_keep_register
from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

TOGETHER = Article("政府采购法实施条例", "第18条")
SPEAKERS = frozenset({Role.OFFICER, Role.PROVIDER})  # who speaks for an organisation here


class Bond(StrEnum):
    """How two organisations belong together; the first is the upper one where there is one."""

    HOLDING = "holding"  # the first holds the second directly
    MANAGING = "managing"  # the first manages the second
    ONE_HEAD = "one-head"  # one person is head of both


# Whose affiliates keep somebody from a panel: the exclusion of its own people → of its affiliates'. The last one wins.
OF_WHOM: Mapping[str, str] = {
    "employer-of-agent": "affiliate-of-agent",
    "employer-of-bidder": "affiliate-of-bidder",
    "employer-of-buyer": "affiliate-of-buyer",
}


@dataclass(frozen=True)
class Pair:
    """Two organisations that belong, or belonged, together.  until: the last day, None while it lasts."""

    one: str
    other: str
    since: date
    until: date | None


def widened(avoid: Mapping[str, str], pairs: Iterable[Pair], *, on: date) -> dict[str, str]:
    """These organisations and their affiliates, each with its exclusion code. Directly bound ones only.

    A bond that ended counts for three more years, as an employment does.
    Law: 政府采购法实施条例 第9条, 第18条.
    """
    found: dict[str, str] = {}
    counted = [
        each for each in pairs
        if each.since <= on and (each.until is None or on < later(each.until, years=COOLING_YEARS))
    ]  # fmt: skip
    for own, affiliated in OF_WHOM.items():
        for each in counted:
            for here, there in ((each.one, each.other), (each.other, each.one)):
                if avoid.get(here) == own and there not in avoid:
                    found[there] = affiliated
    return found | dict(avoid)


def stands(pair: Pair, *, on: date) -> bool:
    """The two belong together on a day, its last one included."""
    return pair.since <= on and (pair.until is None or on <= pair.until)


def together(pairs: Iterable[Pair], *, on: date) -> dict[str, str]:
    """Organisation → the house it counts as under the cap of one employer: all that are bound to one another today,
    through whatever others, are one, named by its smallest code. Who is bound to nobody is not in it.

    >>> bond = Pair("C", "A", date(2026, 1, 1), None)
    >>> together([bond, Pair("C", "B", date(2026, 1, 1), None)], on=date(2026, 2, 1)) == {"A": "A", "B": "A", "C": "A"}
    True
    """
    house: dict[str, str] = {}
    for each in pairs:
        if each.since <= on and (each.until is None or on <= each.until):
            one, other = house.get(each.one, each.one), house.get(each.other, each.other)
            first = min(one, other)
            house |= {code: first for code, of in house.items() if of in (one, other)}
            house |= {each.one: first, each.other: first}
    return house


def why_not_speak(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against saying anything of bonds: an organisation's own people do, and the register's keepers."""
    if by.role in SPEAKERS and by.organisation:
        return ()
    if why_not_keep_register(by=by):
        text = "由有关单位的经办人或者专家库管理人员申报"
        return (Reason("bond.not-party", Kind.NOT_YOURS, text, TOGETHER),)
    return ()


def why_not_declare(
    *, one: str, other: str, names: tuple[str, str], since: date, until: date | None, basis: str, known: bool,
    on: date, by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against declaring a bond.  known: it is declared and not denied already.

    Law: 政府采购法实施条例 第18条.
    """
    if reasons := why_not_speak(by=by):
        return reasons
    if by.role in SPEAKERS and by.organisation not in (one, other):
        return (Reason("bond.not-own", Kind.NOT_YOURS, "只能申报本单位与其他单位的关系", TOGETHER),)
    reasons = why_not_credit_code(one) or why_not_credit_code(other)
    if one == other:
        reasons += (Reason("bond.itself", Kind.NOT_VALID, "两个单位不能相同"),)
    if not all(name.strip() for name in names):
        reasons += (Reason("bond.name", Kind.NOT_VALID, "单位名称不能为空"),)
    if since > on or (until is not None and not since <= until <= on):
        reasons += (Reason("bond.days", Kind.NOT_VALID, "起止日期须先后有序且不晚于今天"),)
    if len(basis.strip()) < 4:
        reasons += (Reason("bond.basis", Kind.NOT_VALID, "请写明依据（不少于4个字），如登记信息、章程"),)
    if known:
        reasons += (Reason("bond.known", Kind.NOT_NOW, "这项关系已经申报"),)
    return reasons


def why_not_agree(*, decided: bool, parties: frozenset[str], declared_by: str, declared_for: str,
                  by: Actor) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against agreeing to, or denying, what another declared.

    parties: credit codes of the two.  declared_for: of the one that spoke, empty for a keeper. Nobody narrows a list
    by his own word alone: the other organisation, or a keeper who has not spoken, must agree.
    """
    if reasons := why_not_speak(by=by):
        return reasons
    if by.role in SPEAKERS and by.organisation not in parties - {declared_for}:
        return (Reason("bond.not-other", Kind.NOT_YOURS, "由另一单位或者专家库管理人员确认", TOGETHER),)
    if by.person == declared_by:
        return (Reason("bond.second-person", Kind.NOT_YOURS, "须由申报人以外的另一人确认", TOGETHER),)
    if decided:
        return (Reason("bond.decided", Kind.NOT_NOW, "这项申报已经确认或者否认"),)
    return ()


def why_not_deny(*, note: str) -> tuple[Reason, ...]:
    """Reasons against a denial without its reason."""
    if not note.strip():
        return (Reason("bond.no-note", Kind.NOT_VALID, "否认须写明理由"),)
    return ()


def why_not_end(
    *, agreed_on: date | None, over: bool, until: date, on: date, parties: frozenset[str], by: Actor
) -> tuple[Reason, ...]:
    """Reasons against saying that a bond is over: not before the day it was agreed to, or three years would be lost."""
    if reasons := why_not_speak(by=by):
        return reasons
    if by.role in SPEAKERS and by.organisation not in parties:
        return (Reason("bond.not-own", Kind.NOT_YOURS, "只能申报本单位与其他单位的关系", TOGETHER),)
    if agreed_on is None or over:
        return (Reason("bond.not-standing", Kind.NOT_NOW, "这项关系尚未确认，或者已经结束"),)
    if not agreed_on <= until <= on:
        return (Reason("bond.end", Kind.NOT_VALID, "结束日期须在确认之日以后且不晚于今天", RECUSAL),)
    return ()
