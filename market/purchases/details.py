"""What else a way of choosing must say: a formula, factors, sizes of lists, the course of an auction. Pure."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from blacklist.credit.rules import why_not_ask
from proofs.quotes import FORMULAS
from rulebook.house import own
from rulebook.refusal import Kind, Reason

SAID = own(5)
MOST_FACTORS = 20
MOST_PAYMENTS = 10
LEAST_VALID, MOST_VALID = 30, 365  # days from the closing
QUOTES = own(8)
LONGEST_AUCTION = 240  # minutes
HUNDRED = Decimal(100)


def _wrong(code: str, text: str, **values: object) -> tuple[Reason, ...]:
    return (Reason(f"terms.{code}", Kind.NOT_VALID, text, SAID, values),)


def why_not_formula(value: Mapping[str, Any] | None, *, cap: Decimal) -> tuple[Reason, ...]:
    """Reasons against {"key", "params"}: the lowest price, or the nearest to a mean times a coefficient by lot."""
    if not value or value.get("key") not in FORMULAS:
        return _wrong("formula", "请选定按最低价还是按最接近参考价确定中选")
    return ()


def why_not_factors(value: Sequence[Mapping[str, Any]], *, cap: Decimal) -> tuple[Reason, ...]:
    """Reasons against [{"key", "name", "max", "standard"}]: what is scored; the price has what is left of 100."""
    if not 1 <= len(value) <= MOST_FACTORS:
        return _wrong("factors", "请列出评审因素，不超过{most}项", most=MOST_FACTORS)
    if any(not each["name"].strip() or not each["standard"].strip() or _number(each["max"]) <= 0 for each in value):
        return _wrong("factor", "每项评审因素都要有名称、分值和给分的标准")
    if len({each["name"].strip() for each in value}) != len(value):
        return _wrong("factor-twice", "评审因素不得重名")
    if sum(_number(each["max"]) for each in value) >= HUNDRED:
        return _wrong("factors-sum", "评审因素合计应小于 100 分，其余为价格分")
    return ()


def why_not_weights(value: Mapping[str, Any] | None, *, cap: Decimal) -> tuple[Reason, ...]:
    """Reasons against {"long", "short", "least"}: how many stay by credit, how many of those lots leave to choose from.

    least: the score it takes to enrol; none where it is left out.
    """
    sizes = [value.get(name, 0) for name in ("long", "short")] if value else [0, 0]
    if not 2 <= sizes[1] <= sizes[0] <= 50:
        return _wrong("lists", "大名单不超过 50 家，小名单不少于 2 家、不多于大名单")
    least = (value or {}).get("least")
    return why_not_ask(_number(least)) if least else ()


def why_not_auction(value: Mapping[str, Any] | None, *, cap: Decimal) -> tuple[Reason, ...]:
    """Reasons against {"start", "step", "minutes", "window", "most"} of an auction.  cap: yuan, of the purchase."""
    if not value:
        return _wrong("auction", "请写明起始价、降价幅度和竞价时长")
    start, step = _number(value["start"]), _number(value["step"])
    if not 0 < start <= cap:
        return _wrong("auction-start", "起始价应大于零，不高于最高限价")
    if not 0 < step < start:
        return _wrong("auction-step", "降价幅度应大于零，小于起始价")
    if not 1 <= value["minutes"] <= LONGEST_AUCTION or not 10 <= value["window"] <= 600 or not 0 <= value["most"] <= 99:
        return _wrong(
            "auction-time", "竞价时长 1 至 {longest} 分钟，延时窗口 10 至 600 秒，延时不超过 99 次",
            longest=LONGEST_AUCTION,
        )  # fmt: skip
    return ()


def why_not_payment(value: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons against [{"share", "when"}]: percent of the price, each with what it falls due upon, 100 together."""
    if not value:
        return ()
    if len(value) > MOST_PAYMENTS or any(_number(each["share"]) <= 0 or not each["when"].strip() for each in value):
        return _wrong("payment", "每笔付款写明比例和条件，不超过{most}笔", most=MOST_PAYMENTS)
    if sum(_number(each["share"]) for each in value) != HUNDRED:
        return _wrong("payment-sum", "付款比例合计应为 100%")
    return ()


def why_not_rate(value: Mapping[str, Any] | None) -> tuple[Reason, ...]:
    """Reasons against {"least", "most"}: percent off the cap, the least and the most that may be offered."""
    if value is None:
        return ()
    least, most = _number(value["least"]), _number(value["most"])
    if not 0 <= least < most < HUNDRED or any(each != round(each, 2) for each in (least, most)):
        return _wrong("rate", "下浮率为 0 到 100% 之间、至多两位小数，最高大于最低")
    return ()


def why_not_valid(days: int) -> tuple[Reason, ...]:
    """Reasons against the days for which a sealed quote binds."""
    if LEAST_VALID <= days <= MOST_VALID:
        return ()
    text = "报价有效期为 {least} 至 {most} 日"
    values = {"least": LEAST_VALID, "most": MOST_VALID}
    return (Reason("terms.valid", Kind.NOT_VALID, text, QUOTES, values),)


CHECKS: Mapping[str, Callable[..., tuple[Reason, ...]]] = {
    "formula": why_not_formula,
    "factors": why_not_factors,
    "weights": why_not_weights,
    "auction": why_not_auction,
}


def _number(value: object) -> Decimal:
    """A decimal number as text; −1 for what is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(-1)
    return found if found.is_finite() else Decimal(-1)
