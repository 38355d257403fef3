"""What a contract must hold to. Pure."""

from datetime import date, datetime
from decimal import Decimal

from market.projects.periods import Period
from market.projects.rules import LIFE, Stage, why_not_officer
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason


def is_late(*, awarded_at: datetime, signed_on: date, period: Period, due: datetime | None = None) -> bool:
    """It was signed after the days the law gives.  due: their end, where the purchase rested meanwhile."""
    return signed_on >= day_in_china(due or period.due(awarded_at))


def why_not_begin(*, stage: str, buyer: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against recording any contract now: who and when."""
    return why_not_officer(buyer=buyer, by=by) or LIFE.why_not(Stage(stage), Stage.CONTRACTED)


def why_not_record_contract(
    *, stage: str, buyer: str, award_amount: Decimal | None, awarded_at: datetime | None, amount: Decimal,
    signed_on: date, period: Period, late_reason: str, bans: tuple[Reason, ...], due: datetime | None = None,
    by: Actor, at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against recording a contract: the buyer's officer, at the winner's quote, in time or with the reason.

    award_amount: the quote of the award, yuan.  bans: reasons of the blacklist against the winner.
    due: the end of the days, where the purchase rested meanwhile.
    Law: 政府采购法 第46条; 87号令 第71条.
    """
    shut = why_not_begin(stage=stage, buyer=buyer, by=by)
    if shut:
        return shut
    if award_amount is None or awarded_at is None:
        return (Reason("contract.no-award", Kind.NOT_NOW, "没有{terms.award}结果，不能记录合同"),)
    if bans:
        return bans
    reasons: list[Reason] = []
    if amount != award_amount:
        text = "合同金额应为{terms.award}报价 {award} 元，不得另行议定，评审价也不作为合同价"
        reasons.append(
            Reason("contract.other-amount", Kind.NOT_VALID, text, period.law, {"award": f"{award_amount:,.2f}"})
        )
    if not day_in_china(awarded_at) <= signed_on <= day_in_china(at):
        text = "签订日期应在{terms.award}通知书发出之日与今天之间"
        reasons.append(Reason("contract.impossible-day", Kind.NOT_VALID, text))
    elif is_late(awarded_at=awarded_at, signed_on=signed_on, period=period, due=due) and not late_reason.strip():
        text = "应自{terms.award}通知书发出之日起{period}内签订；逾期签订的，应写明原因，并随合同公告公布"
        reasons.append(Reason("contract.late", Kind.NOT_VALID, text, period.law, {"period": period.words}))
    return tuple(reasons)
