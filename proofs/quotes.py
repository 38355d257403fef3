"""Who wins by price among opened sealed quotes: the lowest, or the nearest to a reference price. Anyone re-runs it.

    basis = {"formula": "lowest"|"reference", "quotes": [{"org","price"}], "ties": [{"orgs","order","draw"}]}
    and of a reference price also {"coefficient": {"values","value","draw"}, "trimmed","mean","reference","distances"}

The quotes are those that stood when they were fixed, before any lot was drawn. Whoever drops out afterwards keeps his
place in every figure: nobody moves the reference price by leaving. Ties are settled by a draw, never by the order in
which quotes came in. Spec: docs/proofs.md, sealed quotes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from proofs.canonical import NotCanonical, require_keys
from proofs.prices import places2, pool_of

LOWEST, REFERENCE = "lowest", "reference"
FORMULAS = (LOWEST, REFERENCE)
COEFFICIENT = "coefficient"  # purpose, and stratum, of the draw of the coefficient
TIE = "tie"  # purpose of the draw among equals; its strata are tie1, tie2 … in the order of the ranking
TRIMMED_FROM = 5  # quotes: from so many on one highest and one lowest are left out
_RATE = re.compile(r"(?:0|[1-9]\d?)\.\d\d")
_KEYS = ("formula", "quotes", "ties")
_REFERENCE_KEYS = (*_KEYS, "coefficient", "trimmed", "mean", "reference", "distances")

Prices = Mapping[str, Decimal]
"""Organisation ↦ its quote in yuan, above zero."""


@dataclass(frozen=True)
class Reference:
    """The price quotes are measured against.

    trimmed: organisations left out, who cannot win.  mean, price: yuan, two places.  distances: of those who can win.
    """

    trimmed: tuple[str, ...]
    mean: Decimal
    price: Decimal
    distances: Mapping[str, Decimal]


def reference(prices: Prices, coefficient: Decimal) -> Reference:
    """Mean without one highest and one lowest of five or more, times the coefficient, rounded once at the end.

    Of equal quotes at an end one is left out of the mean and all can still win: their price is still in it.
    """
    listed = sorted(prices.values())
    kept = listed[1:-1] if len(listed) >= TRIMMED_FROM else listed
    mean = sum((Fraction(price) for price in kept), Fraction()) / len(kept)
    price = places2(mean * Fraction(coefficient))
    trimmed = tuple(sorted(org for org, quote in prices.items() if quote not in kept))
    distances = {org: abs(quote - price) for org, quote in sorted(prices.items()) if quote in kept}
    return Reference(trimmed, places2(mean), price, distances)


def groups(formula: str, prices: Prices, coefficient: Decimal | None = None) -> list[list[str]]:
    """Who can win, best first; equals stand together, by code. ValueError for an unknown formula.

    Nearest to a reference price wins, of two as near the lower quote.
    """
    keys: dict[str, tuple[Decimal, ...]]
    if formula == LOWEST:
        keys = {org: (price,) for org, price in prices.items()}
    elif formula == REFERENCE and coefficient is not None:
        near = reference(prices, coefficient).distances if prices else {}
        keys = {org: (distance, prices[org]) for org, distance in near.items()}
    else:
        raise ValueError(f"no formula: {formula!r}")
    return [sorted(org for org in keys if keys[org] == key) for key in sorted(set(keys.values()))]


def reduced(base: Decimal, rate: str) -> Decimal:
    """The price a rate off a base makes, to two places, half up.  base: yuan.  rate: percent, "12.50".

    The more is taken off the lower the price: whoever compares prices compares these, and never rates.
    ValueError where the rate is no plain number of 0 to 100 with two places.
    """
    if not _RATE.fullmatch(rate):
        raise ValueError(f"no rate: {rate!r}")
    return places2(Fraction(base) * (1 - Fraction(rate) / 100))


def tied(standing: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The groups of equals, in the order of the ranking."""
    return [group for group in standing if len(group) > 1]


def tie_strata(standing: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """What is drawn among equals: each group is a stratum, drawn to its last place."""
    return [
        {"key": f"{TIE}{place}", "need": 1, "standby": len(group) - 1}
        for place, group in enumerate(tied(standing), start=1)
    ]


def tie_pool(standing: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The list equals are drawn from: their names are public by then, so nobody is behind a mask."""
    rows = [
        {"cid": org, "org": org, "strata": [f"{TIE}{place}"]}
        for place, group in enumerate(tied(standing), start=1)
        for org in group
    ]
    return sorted(rows, key=lambda row: str(row["cid"]))


def coefficient_pool(values: Sequence[str]) -> list[dict[str, Any]]:
    """The list a coefficient is drawn from: each value has one ticket."""
    return pool_of(COEFFICIENT, values)


def ranking(standing: Sequence[Sequence[str]], orders: Sequence[Sequence[str]]) -> list[str]:
    """Who can win, in order.  orders: of each group of equals, as it was drawn.

    ValueError unless each is an order of its group.
    """
    groups_left = list(orders)
    found: list[str] = []
    for group in standing:
        order = groups_left.pop(0) if len(group) > 1 and groups_left else list(group)
        if sorted(order) != sorted(group) or (len(group) > 1 and len(orders) < len(tied(standing))):
            raise ValueError("a tie is not settled by a draw among its own")
        found += order
    if groups_left:
        raise ValueError("a draw among equals where nobody is equal")
    return found


def told_ties(standing: Sequence[Sequence[str]], orders: Sequence[Sequence[str]], draw: str) -> list[dict[str, Any]]:
    """Each group of equals with its order, as a basis carries it.  draw: its id."""
    return [
        {"orgs": list(group), "order": list(order), "draw": draw}
        for group, order in zip(tied(standing), orders, strict=True)
    ]


def basis(
    formula: str, prices: Prices, *, orders: Sequence[Sequence[str]] = (), tie_draw: str = "",
    values: Sequence[str] = (), coefficient: str = "", coefficient_draw: str = "",
) -> dict[str, Any]:  # fmt: skip
    """All that makes the result checkable, as the report carries it. ValueError where a tie is not settled."""
    drawn = Decimal(coefficient) if coefficient else None
    standing = groups(formula, prices, drawn)
    ranking(standing, orders)
    told: dict[str, Any] = {
        "formula": formula,
        "quotes": [{"org": org, "price": str(prices[org])} for org in sorted(prices)],
        "ties": told_ties(standing, orders, tie_draw),
    }
    if drawn is None:
        return told
    against = reference(prices, drawn)
    return told | {
        "coefficient": {"values": sorted(values), "value": coefficient, "draw": coefficient_draw},
        "trimmed": list(against.trimmed),
        "mean": str(against.mean),
        "reference": str(against.price),
        "distances": {org: str(distance) for org, distance in against.distances.items()},
    }


def why_not_basis(told: Any) -> tuple[str, ...]:
    """What is wrong with a basis: its figures do not follow from its quotes. Draws are checked elsewhere."""
    try:
        formula = told["formula"]
        require_keys(told, _REFERENCE_KEYS if formula == REFERENCE else _KEYS, "basis")
        prices = {row["org"]: Decimal(require_keys(row, ("org", "price"), "quote")["price"]) for row in told["quotes"]}
        if not prices or len(prices) != len(told["quotes"]) or not all(_is_price(price) for price in prices.values()):
            return ("报价清单不合规格",)
        drawn = told.get("coefficient", {"values": [], "value": "", "draw": ""})
        if formula == REFERENCE and drawn["value"] not in drawn["values"]:
            return ("系数不在公布的取值之中",)
        again = basis(
            formula, prices, orders=[tie["order"] for tie in told["ties"]],
            tie_draw=told["ties"][0]["draw"] if told["ties"] else "",
            values=drawn["values"], coefficient=drawn["value"], coefficient_draw=drawn["draw"],
        )  # fmt: skip
    except (NotCanonical, ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as wrong:
        return (f"选取依据不合规格：{wrong}",)
    return tuple(f"{key} 与由报价重算的不符" for key in again if again[key] != told[key])


def why_not_report(report: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a `selection/1` over such a basis: its figures, a price, or the order.

    Whoever may not win any more keeps his place in the figures and is passed over in the ranks.
    """
    told, bids = report["basis"], report["bids"]
    if wrong := why_not_basis(told):
        return wrong
    prices = {row["org"]: Decimal(row["price"]) for row in told["quotes"]}
    value = told.get("coefficient", {}).get("value")
    standing = groups(told["formula"], prices, Decimal(value) if value else None)
    order = ranking(standing, [tie["order"] for tie in told["ties"]])
    faults: list[str] = []
    for bid in bids:
        quoted = prices.get(bid["org"])
        if quoted is None or Decimal(bid["quote"]) != quoted:
            faults.append(f"{bid['org']} 的报价与依据不符")
        if bid["compliant"] and bid["org"] not in order:
            faults.append(f"{bid['org']} 不参与排序而有名次")
    if set(prices) - {bid["org"] for bid in bids}:
        faults.append("依据中有报价不在报告里")
    ranked = sorted((bid for bid in bids if bid["rank"] is not None), key=lambda bid: int(bid["rank"]))
    may_win = {bid["org"] for bid in bids if bid["compliant"]}
    if [bid["org"] for bid in ranked] != [org for org in order if org in may_win]:
        faults.append("名次与由报价重算的不符")
    return tuple(faults)


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and price > 0
