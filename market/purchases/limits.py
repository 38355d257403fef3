"""Up to what amount a provider may be chosen directly, and what counts as one purchase split into several. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

SPLITTING = Article("政府采购法实施条例", "第28条")
NEAR = Decimal("0.8")  # of the limit: from here on the wizard warns


@dataclass(frozen=True, slots=True)
class Bought:
    """An earlier purchase that counts.  amount: yuan, what was chosen, or the cap while nobody is.  on: published."""

    number: str
    title: str
    amount: Decimal
    on: date


def year_of(at: datetime) -> int:
    """The fiscal year an instant falls in: the calendar year in China."""
    return day_in_china(at).year


def total(earlier: Sequence[Bought]) -> Decimal:
    """Yuan of all of them."""
    return sum((each.amount for each in earlier), Decimal())


def why_not_amount(*, amount: Decimal, limit: Decimal | None, law: Article) -> tuple[Reason, ...]:
    """Reasons against an amount under a way of choosing that has a limit.  amount, limit: yuan; None: any amount."""
    if limit is None or amount <= limit:
        return ()
    text = "金额 {amount} 元超过该方式的限额 {limit} 元，请改用其他选取方式"
    values = {"amount": f"{amount:,.2f}", "limit": f"{limit:,.2f}"}
    return (Reason("purchase.above-limit", Kind.NOT_VALID, text, law, values),)


def why_not_split(*, amount: Decimal, limit: Decimal | None, earlier: Sequence[Bought]) -> tuple[Reason, ...]:
    """Reasons against one more such purchase of the same item in the year: together they pass the limit.

    earlier: of the same buyer, item and year, under a way of choosing with a limit.  The sums are told.
    Law: 政府采购法实施条例 第28条.
    """
    sum_ = total(earlier) + amount
    if limit is None or not earlier or sum_ <= limit:
        return ()
    text = (
        "本年度同一事项已有 {count} 次合计 {before} 元，加上本次 {amount} 元共 {sum} 元，超过限额 {limit} 元："
        "不得化整为零"
    )
    values = {
        "count": len(earlier), "before": f"{total(earlier):,.2f}", "amount": f"{amount:,.2f}", "sum": f"{sum_:,.2f}",
        "limit": f"{limit:,.2f}",
    }  # fmt: skip
    return (Reason("purchase.split", Kind.NOT_VALID, text, SPLITTING, values),)


def is_near(*, amount: Decimal, limit: Decimal | None, earlier: Sequence[Bought]) -> bool:
    """This one passes, and the next would hardly: the year's sum has come close to the limit."""
    return limit is not None and limit * NEAR <= total(earlier) + amount <= limit
