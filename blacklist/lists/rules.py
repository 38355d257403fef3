"""Which lists of others are kept, what a row of one is, and in which of them a law wants somebody looked up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

SECOND = own(73)
MOST_ROWS = 2_000
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class List:
    """A list that somebody else keeps.  source: where it is published.  law: what wants it looked up, to verify."""

    name: str
    source: str
    law: Article


_GP = Article("财库〔2016〕125号", "第二条")
LISTS: Mapping[str, List] = MappingProxyType(
    {
        "enforcement": List("失信被执行人", "信用中国、中国执行信息公开网", _GP),
        "tax": List("重大税收违法失信主体", "信用中国", _GP),
        "procurement": List("政府采购严重违法失信行为记录名单", "中国政府采购网", _GP),
        "wages": List("拖欠农民工工资失信联合惩戒对象名单", "信用中国", Article("保障农民工工资支付条例", "第48条")),
    }
)


class Gate(StrEnum):
    """Where somebody is looked up."""

    REVIEW = "review"  # before it is examined who qualifies
    ENTRUST = "entrust"  # before an agent is entrusted: 财库〔2016〕125号
    AWARD = "award"  # who is determined, the same lists once more: the house's own


# Regime ↦ the lists a law wants asked at the review.
ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "A": ("enforcement", "wages"),
        "B": ("enforcement", "tax", "procurement"),
        "C": ("enforcement", "tax", "procurement"),
        "D": (),
    }
)
HEAD = ("名称", "统一社会信用代码", "文书号", "事由", "列入日期", "截止日期")
LONGEST = MappingProxyType({"名称": 200, "文书号": 80, "事由": 300})


class Wrong(NamedTuple):
    """What is wrong with a row, as its reader counts: row 1 is the head."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class Row:
    """Somebody on a list.  until: the last day, None where it names none."""

    name: str
    code: str
    document_no: str
    reason: str
    listed_on: date
    until: date | None


def read(table: Sequence[Sequence[str]]) -> tuple[list[Row], list[Wrong]]:
    """The rows of a list and everything that is wrong with it. Bodies alone: people have no credit code."""
    if not table or tuple(table[0][: len(HEAD)]) != HEAD:
        return [], [Wrong(1, "", f"首行应为：{'、'.join(HEAD)}")]
    found: list[Row] = []
    wrong: list[Wrong] = []
    for line, cells in enumerate(table[1:], start=2):
        told = dict(zip(HEAD, [each.strip() for each in [*cells, *[""] * len(HEAD)][: len(HEAD)]], strict=True))
        if not any(told.values()):
            continue
        bad = [Wrong(line, column, "必填") for column in ("名称", "列入日期") if not told[column]]
        bad += [Wrong(line, name, f"超过{most}个字") for name, most in LONGEST.items() if len(told[name]) > most]
        bad += [Wrong(line, HEAD[1], reason.sentence()) for reason in why_not_credit_code(told[HEAD[1]])[:1]]
        listed, until = _day(told["列入日期"]), _day(told["截止日期"])
        for name, value in (("列入日期", listed), ("截止日期", until)):
            if told[name] and value is None:
                bad.append(Wrong(line, name, "应为 2026-11-24 这样的日期"))
        if listed and until and until < listed:
            bad.append(Wrong(line, "截止日期", "早于列入日期"))
        wrong += bad
        if not bad and listed:
            found.append(Row(told["名称"], told[HEAD[1]], told["文书号"], told["事由"], listed, until))
    return found, wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def why_not_keep(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against bringing lists in: the supervision does."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("lists.not-supervisor", Kind.NOT_YOURS, "仅监督管理部门可以导入外部名单"),)
    if by.region:
        return (Reason("lists.everywhere", Kind.NOT_YOURS, "外部名单全区共用，由负责全区的监督人员导入", own(98)),)
    return ()


def why_not_stage(
    *, key: str, source: str, as_of: date, newest: date | None, on: date, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against putting a list aside for the second person.  newest: the day of the one that is held."""
    if shut := why_not_keep(by=by):
        return shut
    if key not in LISTS:
        return (Reason("lists.unknown", Kind.NOT_VALID, "请选择名单"),)
    if not source.strip():
        return (Reason("lists.no-source", Kind.NOT_VALID, "请写明来源"),)
    if as_of > on:
        return (Reason("lists.later", Kind.NOT_VALID, "名单日期不能晚于今天"),)
    if newest and as_of < newest:
        return (Reason("lists.older", Kind.NOT_VALID, "已有更新的一期（{day}）", None, {"day": newest.isoformat()}),)
    return ()


def why_not_confirm(*, staged_by: str, done: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming what another brought in: a second supervisor, once.  Law: 明标平台规则 第73条."""
    if shut := why_not_keep(by=by):
        return shut
    if by.person == staged_by:
        return (Reason("lists.own", Kind.NOT_YOURS, "须由另一名监督人员核对后确认", SECOND),)
    return (Reason("lists.done", Kind.NOT_NOW, "这一期已经确认或者作废"),) if done else ()


def binds(*, listed_on: date, until: date | None, on: date) -> bool:
    """Whether a row stands on a day: from its first through its last."""
    return listed_on <= on and (until is None or on <= until)
