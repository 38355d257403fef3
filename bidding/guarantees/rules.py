"""When a guarantee is to go back, and who notes that it did. Pure."""

from collections.abc import Collection
from datetime import date, datetime

from market.projects.procedure import Procedure
from market.projects.rules import why_not_officer
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason


def refund_due(
    *, procedure: Procedure, won: bool, awarded_at: datetime | None, contracted_at: datetime | None,
    ended_at: datetime | None, left_at: datetime | None = None,
) -> datetime | None:  # fmt: skip
    """Until when a bidder's guarantee is to go back; None while that day is not known yet.

    won: it is the winner.  contracted_at: when the contract was signed.  ended_at: the purchase came to nothing.
    left_at: when it left the talks.
    Law: 政府采购法实施条例 第33条; 招标投标法实施条例 第57条; 财库〔2014〕214号 第22条; 74号令 第34条.
    """
    if left_at is not None and procedure.refund_left is not None:
        return procedure.refund_left.due(left_at)
    if ended_at is not None:
        return procedure.refund.due(ended_at)
    if won:
        return procedure.refund_winner.due(contracted_at) if contracted_at else None
    start = contracted_at if procedure.refund_from_contract else awarded_at
    return procedure.refund.due(start) if start else None


def why_not_refund(
    *, buyer: str, owed: Collection[str], done: Collection[str], org: str, on: date, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against noting that a guarantee went back: the buyer's officer, once for each bidder, not ahead."""
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if org not in owed:
        return (Reason("guarantee.not-owed", Kind.NOT_VALID, "该单位没有待退还的{terms.guarantee}"),)
    if org in done:
        return (Reason("guarantee.refunded", Kind.NOT_NOW, "该单位的{terms.guarantee}已登记退还"),)
    if on > day_in_china(at):
        return (Reason("guarantee.ahead", Kind.NOT_VALID, "退还日期不能晚于今天"),)
    return ()
