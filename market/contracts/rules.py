"""What a contract must hold to. Pure."""

from datetime import date, datetime
from decimal import Decimal

from documents.evidence.rules import PDF
from market.projects.periods import Period
from market.projects.rules import LIFE, Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

CONTENTS = Article("民法典", "第470条")
SHORTEST_REASON = 5  # letters


def is_late(*, awarded_at: datetime, signed_on: date, period: Period, due: datetime | None = None) -> bool:
    """It was signed after the days the law gives.  due: their end, where the purchase rested meanwhile."""
    return signed_on >= day_in_china(due or period.due(awarded_at))


def why_not_begin(*, stage: str, buyer: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against putting any contract forward now: who and when."""
    return why_not_officer(buyer=buyer, by=by) or LIFE.why_not(Stage(stage), Stage.CONTRACTED)


def why_not_propose(
    *, stage: str, buyer: str, award_amount: Decimal | None, awarded_at: datetime | None, waiting: bool,
    amount: Decimal, payment: str, delivery: str, today: date, period: Period, late_reason: str,
    bans: tuple[Reason, ...], due: datetime | None = None, by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against putting a contract before the winner: the officer, at the winner's quote, with all its terms.

    award_amount: the quote of the award, yuan.  waiting: one is before the winner.  payment, delivery: the terms.
    today: it may be confirmed from today on, so a day too late needs its reason now.
    bans: reasons of the blacklist against the winner.  due: the end of the days, where the purchase rested meanwhile.
    Law: 政府采购法 第46条; 87号令 第71条; 民法典 第470条.
    """
    shut = why_not_begin(stage=stage, buyer=buyer, by=by)
    if shut:
        return shut
    if award_amount is None or awarded_at is None:
        return (Reason("contract.no-award", Kind.NOT_NOW, "没有{terms.award}结果，不能签订合同"),)
    if waiting:
        return (Reason("contract.waiting", Kind.NOT_NOW, "已有一份合同等待{terms.winner}确认"),)
    if bans:
        return bans
    reasons: list[Reason] = []
    if amount != award_amount:
        text = "合同金额应为{terms.award}报价 {award} 元，不得另行议定，评审价也不作为合同价"
        reasons.append(
            Reason("contract.other-amount", Kind.NOT_VALID, text, period.law, {"award": f"{award_amount:,.2f}"})
        )
    if not payment.strip() or not delivery.strip():
        text = "应写明付款的条件、期限和方式，以及履行的期限和交付节点"
        reasons.append(Reason("contract.no-terms", Kind.NOT_VALID, text, CONTENTS))
    return (*reasons, *why_not_late(awarded_at, today, period=period, due=due, late_reason=late_reason))


def why_not_late(
    awarded_at: datetime, on: date, *, period: Period, due: datetime | None, late_reason: str
) -> tuple[Reason, ...]:
    """Reasons against a contract of that day: beyond the days the law gives it needs its reason, which is published."""
    if not is_late(awarded_at=awarded_at, signed_on=on, period=period, due=due) or late_reason.strip():
        return ()
    text = "应自{terms.award}通知书发出之日起{period}内签订；逾期签订的，应写明原因，并随合同公告公布"
    return (Reason("contract.late", Kind.NOT_VALID, text, period.law, {"period": period.words}),)


def why_not_file(*, kind: str) -> tuple[Reason, ...]:
    """Reasons against the file of a contract.  kind: what it is by its own bytes."""
    if kind != PDF:
        return (Reason("contract.not-pdf", Kind.NOT_VALID, "合同文件应为 PDF"),)
    return ()


def why_not_answer(*, stage: str, winner: str | None, waiting: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming or returning a contract: the winner, while one waits."""
    if by.role is not Role.PROVIDER or winner is None or by.organisation != winner:
        return (Reason("contract.not-winner", Kind.NOT_YOURS, "由{terms.winner}确认或者退回合同"),)
    if why := LIFE.why_not(Stage(stage), Stage.CONTRACTED):
        return why
    if not waiting:
        return (Reason("contract.nothing-waits", Kind.NOT_NOW, "没有等待确认的合同"),)
    return ()


def why_not_return(*, stage: str, winner: str | None, waiting: bool, reasons: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against returning a contract: the winner, while one waits, with what is to be changed."""
    shut = why_not_answer(stage=stage, winner=winner, waiting=waiting, by=by)
    if shut:
        return shut
    if len(reasons.strip()) < SHORTEST_REASON:
        return (Reason("contract.no-reasons", Kind.NOT_VALID, "退回合同应写明哪里要改、为什么"),)
    return ()


def why_not_take_back(*, stage: str, buyer: str, waiting: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking a contract back before the winner answers: the officer, while one waits."""
    shut = why_not_begin(stage=stage, buyer=buyer, by=by)
    if shut:
        return shut
    return () if waiting else (Reason("contract.nothing-waits", Kind.NOT_NOW, "没有等待确认的合同"),)
