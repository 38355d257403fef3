"""How a price earns its points: a table of named formulas with their articles. Exact fractions, two places, half up.

A formula takes every compared price (yuan, > 0, those of all bids that stand), one of them, the points a price can
earn at most, and its parameters as decimals; what it returns lies between 0 and these points. Nothing here depends on
the order of the prices, and nothing changes when all of them are multiplied by the same number.

`scoring` names a formula only where it is not LOWEST: {"formula": {"key": …, "params": {name: decimal string}}}; a
parameter that is drawn by lot at the opening stands in "draw": {name: [the values there are]} instead of in "params".
Law: 87号令 第55条 and 财库〔2014〕214号 第24条 know LOWEST alone; under the law of works the documents name theirs.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

LOWEST = "lowest"
DRAWABLE = frozenset({"k"})  # parameters that may be drawn by lot at the opening
FEWEST_VALUES, MOST_VALUES = 2, 50  # that such a parameter may take
TRIMMED_FROM = 5  # prices: from so many on the highest and the lowest are left out of the mean

Params = Mapping[str, Fraction]
Earned = Callable[[Fraction], Fraction]  # price ↦ its points
Points = Callable[[Sequence[Fraction], Fraction, Params], Earned]


@dataclass(frozen=True)
class Formula:
    """One way to turn prices into points.  params: name ↦ (words, least, most)."""

    key: str
    name: str
    says: str
    law: tuple[str, str]
    points: Points
    params: Mapping[str, tuple[str, Decimal, Decimal]]


def _lowest(prices: Sequence[Fraction], weight: Fraction, _: Params) -> Earned:
    lowest = min(prices)
    return lambda price: lowest * weight / price


def _deviation(middle: Fraction, weight: Fraction, params: Params) -> Earned:
    """So many points off for each hundredth of the base that a price lies above (over) or below (under) it."""

    def earned(price: Fraction) -> Fraction:
        apart = (price - middle) / middle * 100
        off = apart * params["over"] if apart > 0 else -apart * params.get("under", Fraction())
        return max(Fraction(), weight - off)

    return earned


def _lowest_deviation(prices: Sequence[Fraction], weight: Fraction, params: Params) -> Earned:
    return _deviation(min(prices), weight, params)


def base(prices: Sequence[Fraction], params: Params) -> Fraction:
    """The mean of the prices, less the share k of it, exactly."""
    return sum(prices, Fraction()) / len(prices) * (1 - params["k"])


def _mean_deviation(prices: Sequence[Fraction], weight: Fraction, params: Params) -> Earned:
    return _deviation(base(prices, params), weight, params)


def _trimmed_deviation(prices: Sequence[Fraction], weight: Fraction, params: Params) -> Earned:
    return _deviation(base(trimmed(prices), params), weight, params)


def _mean_ratio(prices: Sequence[Fraction], weight: Fraction, params: Params) -> Earned:
    middle = base(prices, params)
    return lambda price: weight * min(price, middle) / max(price, middle)


def _steps(prices: Sequence[Fraction], weight: Fraction, params: Params) -> Earned:
    ranked = sorted(set(prices))
    return lambda price: max(Fraction(), weight - bisect_left(ranked, price) * params["step"])


def trimmed(prices: Sequence[Fraction]) -> Sequence[Fraction]:
    """The prices without one highest and one lowest, where there are enough of them."""
    return sorted(prices)[1:-1] if len(prices) >= TRIMMED_FROM else prices


_K = ("下浮系数", Decimal(0), Decimal("0.2"))
_OVER = ("每高于基准价1%扣分", Decimal(0), Decimal(10))
_UNDER = ("每低于基准价1%扣分", Decimal(0), Decimal(10))
_FILE = ("招标投标法实施条例", "第49条")
FORMULAS: Mapping[str, Formula] = {
    each.key: each
    for each in (
        Formula(LOWEST, "低价优先法", "满足要求的最低评审价为基准价，价格分＝基准价÷评审价×分值", ("87号令", "第55条"),
                _lowest, {}),
        Formula("lowest-deviation", "最低价偏离法", "最低评审价为基准价，每高于基准价1%扣若干分，扣完为止", _FILE,
                _lowest_deviation, {"over": _OVER}),
        Formula("mean-deviation", "平均价偏离法", "评审价平均值下浮若干为基准价，每高于、低于其1%各扣若干分，扣完为止",
                _FILE, _mean_deviation, {"k": _K, "over": _OVER, "under": _UNDER}),
        Formula("trimmed-deviation", "去高去低平均价偏离法",
                "五家及以上去掉一个最高价、一个最低价，平均值下浮若干为基准价，每高于、低于基准价1%各扣若干分，扣完为止",
                _FILE, _trimmed_deviation, {"k": _K, "over": _OVER, "under": _UNDER}),
        Formula("mean-ratio", "平均价比值法", "评审价的平均值下浮若干为基准价，价格分＝两者中较小者÷较大者×分值", _FILE,
                _mean_ratio, {"k": _K}),
        Formula("steps", "名次递减法", "最低评审价得满分，每高一个名次减若干分，扣完为止", _FILE, _steps,
                {"step": ("每个名次减分", Decimal(0), Decimal(100))}),
    )
}  # fmt: skip


def why_not_formula(key: Any, params: Any, draw: Any = None) -> tuple[str, ...]:
    """What is wrong with the naming of a formula: unknown, or its parameters are not exactly its own, in range.

    draw: the values of those that are drawn at the opening.
    """
    if key not in FORMULAS:
        return (f"no formula: {key!r}",)
    wanted, drawn = FORMULAS[key].params, {} if draw is None else draw
    if not isinstance(params, Mapping) or not isinstance(drawn, Mapping) or set(drawn) & set(params):
        return (f"{key}: its parameters are {sorted(wanted)}",)
    if {*params, *drawn} != set(wanted) or not set(drawn) <= DRAWABLE or (draw is not None and not drawn):
        return (f"{key}: its parameters are {sorted(wanted)}",)
    wrong = []
    for name, (_, least, most) in wanted.items():
        listed = drawn[name] if name in drawn else [params[name]]
        if not isinstance(listed, list) or not all(
            _is_plain(text) and least <= Decimal(text) <= most for text in listed
        ):
            wrong.append(f"{key}: {name} is {least}…{most}")
        elif (
            name in drawn and not FEWEST_VALUES <= len(listed) == len({Decimal(text) for text in listed}) <= MOST_VALUES
        ):
            wrong.append(f"{key}: {name} is drawn from {FEWEST_VALUES}…{MOST_VALUES} different values")
    return tuple(wrong)


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 12


def pool_of(name: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """The list a drawn parameter is drawn from: nobody is behind a mask, every value has one ticket."""
    return [{"cid": value, "org": value, "strata": [name]} for value in sorted(values)]


def price_points(
    prices: Sequence[Decimal], weight: Decimal, *, key: str = LOWEST, params: Mapping[str, str] | None = None
) -> dict[Decimal, Decimal]:
    """Each price ↦ the points it earns, two places.  ValueError for a price that is not above zero, or no formula."""
    if any(price <= 0 for price in prices):
        raise ValueError("prices are above zero")
    if faults := why_not_formula(key, params or {}):
        raise ValueError("; ".join(faults))
    exact = [Fraction(price) for price in prices]
    given = {name: Fraction(text) for name, text in (params or {}).items()}
    earned = FORMULAS[key].points(exact, Fraction(weight), given) if exact else Fraction
    return {price: places2(earned(Fraction(price))) for price in set(prices)}


def places2(value: Fraction) -> Decimal:
    """A fraction ≥ 0 to two places, half up."""
    return Decimal((200 * value.numerator + value.denominator) // (2 * value.denominator)).scaleb(-2)
