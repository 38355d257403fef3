"""Who may be on the list that a panel is drawn from, and why somebody is not. Pure.

What the register itself knows of a person (employers, leave, bars) is judged there; here is what concerns the panel.
"""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from experts.registry import rules as register
from experts.registry.rules import RECUSAL
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.credit_code import why_not_credit_code
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

RELATIVES = Article("评标委员会和评标方法暂行规定", "第12条")
PROBABILITY = Article("政府采购评审专家管理办法", "第21条")


class TieKind(enum.StrEnum):
    """What ties a person to an organisation, apart from working there, sitting on its board or controlling it.

    Those are employments (`registry.rules.Post`), with their days, and count for three years after.
    """

    RELATIVE = "relative"  # spouse, lineal, collateral within three generations, close in-law of its head
    INTEREST = "interest"  # shares without control, a contract, a dispute


@dataclass(frozen=True)
class Load:
    """How many panels one person may sit on, and in how long a time; `edition`: where the number is from."""

    most: int
    within: timedelta
    law: Article
    edition: str


# No national law has a number; provinces do. To verify for each pool, and then a row of that pool's edition.
LOAD = Load(8, timedelta(days=30), PROBABILITY, "platform-2026")

EXCLUSIONS: Mapping[str, tuple[str, Article | None]] = MappingProxyType(
    {
        **register.EXCLUSIONS,
        "affiliate-of-buyer": ("任职于与采购人有控股、管理关系的单位", RECUSAL),
        "affiliate-of-bidder": ("任职于与投标人有控股、管理关系的单位", RECUSAL),
        "affiliate-of-agent": ("任职于与代理机构有控股、管理关系的单位", None),
        "was-affiliate-of-buyer": ("三年内曾任职于与采购人有控股、管理关系的单位", None),
        "was-affiliate-of-bidder": ("三年内曾任职于与投标人有控股、管理关系的单位", RECUSAL),
        "was-affiliate-of-agent": ("三年内曾任职于与代理机构有控股、管理关系的单位", None),
        "declared-tie": ("本人申报与参加单位有利害关系", RELATIVES),
        "too-many-panels": ("近期参加评审次数已满", LOAD.law),
    }
)


def left_out_because(
    expert: register.Candidate,
    *,
    avoid: Mapping[str, str],
    at: datetime,
    called_before: bool = False,
    ties: Collection[str] = (),
    panels: int = 0,
) -> str | None:
    """The code why this expert is not on the list; None when he is.

    avoid: credit code of an organisation → its exclusion code.  ties: credit codes of the organisations in which he
    declared an interest or a relative.  panels: how many he sat on within `LOAD.within`.
    Law: 政府采购法实施条例 第9条.
    """
    code = register.left_out_because(expert, avoid=avoid, on=day_in_china(at), called_before=called_before)
    if code is not None:
        return code
    if set(ties) & set(avoid):
        return "declared-tie"
    if panels >= LOAD.most:
        return "too-many-panels"
    return None


def why_not_declare_tie(*, organisation: str, kind: str, declared: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against declaring a tie: it is one's own, to an organisation there may be, once.

    Law: 政府采购法实施条例 第9条; 评标委员会和评标方法暂行规定 第12条.
    """
    if by.role is not Role.EXPERT:
        return (Reason("tie.not-expert", Kind.NOT_YOURS, "只有评审专家本人可以申报", RECUSAL),)
    reasons: tuple[Reason, ...] = ()
    if kind not in {each.value for each in TieKind}:
        reasons += (Reason("tie.kind", Kind.NOT_VALID, "请选择是哪一种利害关系", RECUSAL),)
    reasons += why_not_credit_code(organisation)
    if declared:
        reasons += (Reason("tie.declared", Kind.NOT_NOW, "已经申报过这个单位"),)
    return reasons
