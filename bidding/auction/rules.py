"""When a quote counts, who may stop the clock, when a price has to be explained. Pure.

What is better and when it ends is the arithmetic of `proofs.auction`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from proofs.auction import State, Terms, ceiling, is_open
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason

LESS = own(22)  # a quote is a step better than the best
TIME = own(23)  # arrival decides, the end is too late
PAUSE = own(25)
UNEXPLAINED = "未在规定期限内说明报价"
LOW = Article("财库〔2024〕265号", "全文")
RESTART = 10  # seconds between a resumption and the first quote after it
DRAIN = timedelta(seconds=1)  # for what came in time and is still on its way through the house
PATIENCE = timedelta(minutes=5)  # at most, where the house lags
LONGEST_REASON, LONGEST_EXPLANATION = 500, 5000
NOT_BETTER = "auction.not-better"
HOST, SUPERVISOR, REST = "host", "supervisor", "rest"
COME_BACK = timedelta(days=1)  # at most, between the end of a purchase's rest and the first quote after it
PRICE = re.compile(r"\d{1,13}(\.\d{1,2})?", re.ASCII)


class Phase(StrEnum):
    """Where an auction is; told by the clock, written by nobody."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSING = "closing"  # over, and what came in time is still being answered
    ENDED = "ended"


@dataclass(frozen=True)
class Abnormal:
    """When a last quote has to be explained before it may win; shares of 1.

    mean: of the mean of all last quotes.  following: of the next higher one.  opening: of the opening price.
    """

    mean: Decimal
    following: Decimal
    opening: Decimal
    law: Article


ABNORMAL = Abnormal(Decimal("0.5"), Decimal("0.5"), Decimal("0.45"), LOW)


class Explanation(Protocol):
    """What the rules look at of a quote that has to be explained."""

    @property
    def organisation(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def said_at(self) -> datetime | None: ...
    @property
    def judged_at(self) -> datetime | None: ...


def phase(state: State, *, ended: bool, at: datetime) -> Phase:
    """Where it is at an instant."""
    if ended:
        return Phase.ENDED
    if state.paused_at is not None:
        return Phase.PAUSED
    if at < state.opens_at:
        return Phase.WAITING
    return Phase.RUNNING if at < state.ends_at else Phase.CLOSING


def why_not_quote(
    terms: Terms,
    state: State,
    *,
    alias: str | None,
    bars: Sequence[Reason],
    halted: bool,
    rests: Sequence[Reason],
    ended: bool,
    price: str,
    by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:
    """Reasons against a quote: who, then when, then what.

    alias: of the quoter's house, None where it does not take part.  bars: why it may take part no more.
    halted: the purchase itself was stopped.  rests: why it rests.  price: yuan as typed.  at: when the quote arrived.
    """
    if by.role is not Role.PROVIDER or alias is None:
        return (Reason("auction.not-a-bidder", Kind.NOT_YOURS, "仅已报名并取得竞价代号的机构可以报价"),)
    if bars:
        return tuple(bars)
    if shut := _why_not_now(state, halted=halted, rests=rests, ended=ended, at=at):
        return shut
    if not PRICE.fullmatch(price):
        return (Reason("auction.no-price", Kind.NOT_VALID, "报价应为金额，单位元，最多两位小数"),)
    most = ceiling(terms, state.best)
    if most <= 0:
        return (Reason("auction.no-lower", Kind.NOT_NOW, "最低价已不足一个降价幅度，不能再降", LESS),)
    if not 0 < yuan(price) <= most:
        told = "报价应大于零且不高于 {most} 元：低于当前最低价至少一个降价幅度"
        first = "报价应大于零且不高于起始价 {most} 元"
        text = first if state.best is None else told
        return (Reason(NOT_BETTER, Kind.NOT_VALID, text, LESS, {"most": f"{most:,.2f}"}),)
    return ()


def _why_not_now(
    state: State, *, halted: bool, rests: Sequence[Reason], ended: bool, at: datetime
) -> tuple[Reason, ...]:
    if halted:
        return (Reason("auction.halted", Kind.NOT_NOW, "本项目已终止，不再接受报价", TIME),)
    if ended or (state.paused_at is None and at >= state.ends_at):
        return (Reason("auction.over", Kind.NOT_NOW, "竞价已经结束：以报价到达平台的时刻为准，结束时刻本身已晚", TIME),)
    if rests:
        return tuple(rests)
    if state.paused_at is not None:
        return (Reason("auction.is-paused", Kind.NOT_NOW, "竞价已暂停，恢复后请重新报价", PAUSE),)
    if not is_open(state, at):
        return (Reason("auction.not-open", Kind.NOT_NOW, "尚未开始接受报价", TIME),)
    return ()


def why_not_call(*, auctioned: bool, closes_at: datetime, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against calling an auction: the clock's own act, where one was announced, after enrolment."""
    if by.role is not Role.SYSTEM:
        return (Reason("auction.called-by-system", Kind.NOT_YOURS, "竞价由系统按公告的时间组织"),)
    if not auctioned:
        return (Reason("auction.none", Kind.NOT_NOW, "本项目不以竞价选取"),)
    if at < closes_at:
        return (Reason("auction.enrolling", Kind.NOT_NOW, "报名尚未截止", TIME),)
    return ()


def why_another_quote(*, price: str, known: Decimal, raw: str) -> tuple[Reason, ...]:
    """Reasons why a quote's number cannot be used again: it stands for another price.

    known: the price that came with it, zero where it was none.  raw: as it was typed then.
    """
    same = price == raw or (PRICE.fullmatch(price) is not None and yuan(price) == known)
    if same:
        return ()
    return (Reason("auction.another-quote", Kind.NOT_VALID, "同一报价编号已用于另一个价格，请重新报价"),)


def side_of(*, buyer: str, by: Actor) -> str:
    """In whose name somebody may stop the clock: the buyer's, the supervisor's, or nobody's."""
    if by.role is Role.SUPERVISOR:
        return SUPERVISOR
    return HOST if by.role is Role.OFFICER and by.organisation == buyer else ""


def why_not_pause(
    state: State, *, buyer: str, halted: bool, rests: Sequence[Reason], ended: bool, reason: str, by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against stopping the clock for everybody: the buyer's officer and the supervisor, with a reason.

    rests: why the purchase itself rests, and the clock with it.
    """
    if not side_of(buyer=buyer, by=by):
        return (Reason("auction.not-host", Kind.NOT_YOURS, "仅采购人经办人和监督人员可暂停竞价", PAUSE),)
    if state.paused_at is not None:
        return (Reason("auction.paused-already", Kind.NOT_NOW, "竞价已暂停", PAUSE),)
    if rests:
        return tuple(rests)
    if shut := _why_over(state, halted=halted, ended=ended, at=at):
        return shut
    return _why_no_words(reason, code="auction.pause-reason", why="请写明暂停的原因", longest=LONGEST_REASON)


def why_not_resume(
    state: State, *, buyer: str, paused_by: str, halted: bool, rests: Sequence[Reason], ended: bool, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against letting the clock run again: what the supervisor ordered, the supervisor alone ends.

    rests: why the purchase itself rests; what stopped with it goes on with it, by the system's own hand.
    """
    side = side_of(buyer=buyer, by=by)
    if not side and by.role is not Role.SYSTEM:
        return (Reason("auction.no-host", Kind.NOT_YOURS, "仅采购人经办人和监督人员可恢复竞价", PAUSE),)
    if state.paused_at is None or ended or halted:
        return (Reason("auction.not-paused", Kind.NOT_NOW, "竞价未暂停", PAUSE),)
    if rests:
        return tuple(rests)
    if (paused_by == REST) != (by.role is Role.SYSTEM):
        return (Reason("auction.goes-on-by-itself", Kind.NOT_NOW, "随项目暂停的竞价，项目恢复后由系统恢复", PAUSE),)
    if paused_by == SUPERVISOR and side != SUPERVISOR:
        text = "监督人员责令暂停的，由监督人员恢复"
        return (Reason("auction.paused-by-supervisor", Kind.NOT_YOURS, text, PAUSE),)
    return ()


def _why_over(state: State, *, halted: bool, ended: bool, at: datetime) -> tuple[Reason, ...]:
    if halted or ended or at >= state.ends_at:
        return (Reason("auction.past", Kind.NOT_NOW, "竞价已经结束", TIME),)
    return ()


def come_back(rested: timedelta) -> timedelta:
    """How long before the first quote it is told that a purchase goes on: as long as it rested, a day at most."""
    return min(timedelta(seconds=max(0, int(rested.total_seconds()))), COME_BACK)


def why_not_end(
    state: State, *, rests: Sequence[Reason], underway: bool, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against noting the end: the clock's own act, once what came in time has been answered."""
    if by.role is not Role.SYSTEM:
        return (Reason("auction.not-system", Kind.NOT_YOURS, "竞价到时自动结束"),)
    if rests:
        return tuple(rests)
    if state.paused_at is not None or at < state.ends_at + DRAIN:
        return (Reason("auction.not-over", Kind.NOT_NOW, "竞价尚未结束", TIME),)
    if underway and at < state.ends_at + DRAIN + PATIENCE:
        return (Reason("auction.underway", Kind.NOT_NOW, "结束前到达的报价还在处理", TIME),)
    return ()


def grounds_to_explain(
    last: Mapping[str, Decimal], org: str, *, start: Decimal, row: Abnormal = ABNORMAL
) -> tuple[str, ...]:
    """Why a last quote is so low that it has to be explained; empty where it is not.

    last: organisation ↦ last quote in yuan, of all whose offers stand.  start: the opening price.
    Law: 财库〔2024〕265号.
    """
    own = last[org]
    grounds = []
    if len(last) > 1 and own * len(last) < row.mean * sum(last.values(), Decimal()):
        grounds.append(f"低于全部最终报价平均值的 {row.mean:.0%}")
    if (higher := [price for price in last.values() if price > own]) and own < row.following * min(higher):
        grounds.append(f"低于次低报价的 {row.following:.0%}")
    if own < row.opening * start:
        grounds.append(f"低于起始价的 {row.opening:.0%}")
    return tuple(grounds)


def why_not_explain(
    asked: Explanation | None, *, rests: Sequence[Reason], text: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against explaining a price: who made it, once, in words, before its time is over.

    Law: 财库〔2024〕265号.
    """
    if asked is None or by.role is not Role.PROVIDER or by.organisation != asked.organisation:
        return (Reason("auction.nothing-to-explain", Kind.NOT_YOURS, "仅被要求说明的机构可以说明报价", LOW),)
    if asked.said_at is not None or asked.judged_at is not None:
        return (Reason("auction.explained", Kind.NOT_NOW, "已经作出说明", LOW),)
    if rests:
        return tuple(rests)
    if at >= asked.due_at:
        return (Reason("auction.explained-late", Kind.NOT_NOW, "说明的期限已过", LOW),)
    why = "请说明报价的成本构成和合理理由"
    return _why_no_words(text, code="auction.no-explanation", why=why, longest=LONGEST_EXPLANATION)


def why_not_judge(
    asked: Explanation | None, *, buyer: str, rests: Sequence[Reason], accepted: bool, reason: str, by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against judging an explanation: the buyer's officer, with reasons, once it is in.

    Where none came in time the system says no, and the buyer has nothing to judge.
    Law: 财库〔2024〕265号.
    """
    if by.role is not Role.SYSTEM and side_of(buyer=buyer, by=by) != HOST:
        return (Reason("auction.not-the-buyer", Kind.NOT_YOURS, "仅采购人经办人可认定报价说明", LOW),)
    if asked is None or asked.judged_at is not None:
        return (Reason("auction.nothing-to-judge", Kind.NOT_NOW, "没有等待认定的报价说明", LOW),)
    if rests:
        return tuple(rests)
    over = asked.said_at is None and at >= asked.due_at
    if by.role is Role.SYSTEM and (not over or accepted):
        return (Reason("auction.buyer-judges", Kind.NOT_YOURS, "已作出的说明由采购人认定", LOW),)
    if asked.said_at is None and not over:
        return (Reason("auction.still-explaining", Kind.NOT_NOW, "说明的期限未满", LOW),)
    return _why_no_words(reason, code="auction.no-judgement", why="请写明采纳或不采纳的理由", longest=LONGEST_REASON)


def _why_no_words(text: str, *, code: str, why: str, longest: int) -> tuple[Reason, ...]:
    if not text.strip():
        return (Reason(code, Kind.NOT_VALID, why),)
    if len(text) > longest:
        return (Reason(f"{code}-length", Kind.NOT_VALID, "不得超过 {longest} 字", None, {"longest": longest}),)
    return ()


def aliases(count: int) -> list[str]:
    """So many aliases, 1号 and on: two digits or more, so that they sort."""
    width = max(2, len(str(count)))
    return [str(number).zfill(width) for number in range(1, count + 1)]


def too_few(entrants: int, *, least: int, law: Article | None) -> tuple[Reason, ...]:
    """Why an auction is not held."""
    if entrants >= least:
        return ()
    return (Reason("auction.too-few", Kind.NOT_NOW, "报名机构不足 {least} 家，竞价不举行", law, {"least": least}),)


def nobody_quoted() -> Reason:
    """Why an auction came to nothing."""
    return Reason("auction.no-quote", Kind.NOT_NOW, "竞价时间内没有有效报价，选取失败", TIME)


def nobody_left() -> Reason:
    """Why an auction with quotes came to nothing."""
    return Reason("auction.nobody-stands", Kind.NOT_NOW, "报价机构均不符合条件或其报价说明未被采纳，选取失败", LOW)


def in_turn(last: Mapping[str, Decimal], out: Collection[str]) -> list[str]:
    """Organisations whose offers stand, the lowest last quote first; no two are equal."""
    return sorted((org for org in last if org not in out), key=lambda org: last[org])
