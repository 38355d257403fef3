"""The arithmetic of a comprehensive evaluation (综合评分法), as anyone may repeat it with a pencil.

Decimal in, Decimal out; two places, half up. Nothing here depends on the order of its input.
Law: 87号令 第55条 (price points, sums), 第57条 (ranking); 财库〔2020〕46号 (deduction for small enterprises).

`scoring` (in `tender.terms` and in a report) = {"price_weight": points as a decimal string, "price_cap": yuan,
"small_deduction": a share such as "0.10", "category", "factors": [{"key","name","max": points,"objective": bool}]};
price_weight and the factors' max together make 100. It may have "order": what ranks first, what next, of ORDERS, where
that is not total and quote; "technical": true marks the factors that make the technical index; "formula", of
`proofs.prices`, where price points are not those of the lowest price; "policies": {key: share} that may be granted.

What the panel found stands in the report only where there is something: a bid's "corrected": {"to": yuan, "rule"}
(87号令 第59条, the bidder agreed), its "policies": [key] granted; the report's "same_brand": [[org, …]] (第31条), and
"drawn": {name: value} of the formula's parameters that were drawn by lot at the opening.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any, TypeVar

from proofs import canonical, prices

CENT = Decimal("0.01")
DEFAULT_ORDER = ("total", "quote")
ORDERS = ("total", "quote", "technical", "adjusted")
# How an arithmetic fault of an opened price is set right, in this order.  Law: 87号令 第59条.
CORRECTIONS: Mapping[str, str] = {
    "sheet-detail": "开标一览表与投标文件中相应内容不一致的，以开标一览表为准",
    "words-figures": "大写金额和小写金额不一致的，以大写金额为准",
    "unit-decimal": "单价金额小数点或者百分比有明显错位的，以开标一览表的总价为准，并修改单价",
    "sum-of-units": "总价金额与按单价汇总金额不一致的，以单价金额计算结果为准",
}
NOTHING_DRAWN: Mapping[str, str] = {}
_Bid = TypeVar("_Bid", bound=Hashable)


def places2(value: Decimal) -> Decimal:
    """Two decimal places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def decimal(text: Any) -> Decimal:
    """A plain decimal string such as "1000000.00". ValueError for anything else, an exponent or a sign included."""
    if not isinstance(text, str) or not text.replace(".", "", 1).isdigit() or not text.isascii() or len(text) > 32:
        raise ValueError(f"not a decimal number: {text!r}")
    try:
        return Decimal(text)
    except InvalidOperation as wrong:
        raise ValueError(f"not a decimal number: {text!r}") from wrong


def adjusted_price(quote: Decimal, *, small: bool, deduction: Decimal, granted: Decimal = Decimal()) -> Decimal:
    """The price that is compared. quote: yuan, > 0.  deduction: the share taken off a small enterprise's quote, 0–1.

    granted: further shares, added up (to verify: whether they add up or follow each other).
    Law: 财库〔2020〕46号 第9条; the contract is still made at the quote.
    """
    share = (deduction if small else Decimal()) + granted
    return places2(quote * (1 - share)) if share or small else quote


def price_points(adjusted: Decimal, lowest: Decimal, weight: Decimal) -> Decimal:
    """Points for a price when the lowest compliant one is the base. adjusted, lowest: yuan, > 0.

    weight: the points the lowest price earns, 0–100.  Returns 0–weight, two places.  Law: 87号令 第55条.
    """
    if adjusted <= 0 or lowest <= 0 or lowest > adjusted:
        raise ValueError("prices are above zero and none is below the lowest")
    return prices.price_points([adjusted, lowest], weight)[adjusted]


def mean(points: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean of the seats' points, two places."""
    if not points:
        raise ValueError("no seat has scored")
    with localcontext() as context:
        context.prec = 60
        return places2(sum(points, Decimal()) / len(points))


@dataclass(frozen=True)
class Offer:
    """What of one compliant bid decides: its quote (as corrected), whether it is a small enterprise's, its points by
    seat, and the share granted to it besides."""

    quote: Decimal
    small: bool
    scores: Mapping[str, Mapping[str, Decimal]]
    granted: Decimal = Decimal()


@dataclass(frozen=True)
class Outcome:
    """What follows for it."""

    adjusted: Decimal
    price_points: Decimal
    total: Decimal
    rank: int | None


def evaluate(
    offers: Mapping[_Bid, Offer], *, price_weight: Decimal, small_deduction: Decimal,
    order: Sequence[str] = DEFAULT_ORDER, technical: Sequence[str] = (), formula: str = prices.LOWEST,
    params: Mapping[str, str] | None = None, same_brand: Sequence[Collection[_Bid]] = (),
) -> dict[_Bid, Outcome]:  # fmt: skip
    """Adjusted prices, price points, totals and ranks of all compliant bids.

    A bid's total is its price points and the mean over the seats of each seat's sum; the price alone where nobody
    scores.  order: what ranks first, what next.  technical: keys of the factors that make the technical index.
    formula, params: how a price earns points.  same_brand: of each group only the best is ranked; equal ones both are.
    Law: 87号令 第31条 (one brand);
    财库〔2014〕214号 第25条 (score, quote, technical index); 政府采购法 第38条, 第40条 (the lowest quote).
    """
    adjusted = {
        bid: adjusted_price(offer.quote, small=offer.small, deduction=small_deduction, granted=offer.granted)
        for bid, offer in offers.items()
    }
    earned = prices.price_points(list(adjusted.values()), price_weight, key=formula, params=params)
    points = {bid: earned[price] for bid, price in adjusted.items()}
    totals = {bid: points[bid] + _scored(offer) for bid, offer in offers.items()}
    told: dict[str, Mapping[_Bid, Decimal]] = {
        "total": {bid: -total for bid, total in totals.items()},
        "quote": {bid: offer.quote for bid, offer in offers.items()},
        "technical": {bid: -_scored(offer, technical) for bid, offer in offers.items()},
        "adjusted": adjusted,
    }
    keys = {bid: tuple(told[each][bid] for each in order) for bid in offers}
    behind = {
        bid for group in same_brand for bid in group if bid in keys
        if any(keys[other] < keys[bid] for other in group if other in keys)
    }  # fmt: skip
    ranks = _ranks({bid: key for bid, key in keys.items() if bid not in behind})
    return {bid: Outcome(adjusted[bid], points[bid], totals[bid], ranks.get(bid)) for bid in offers}


def ranking(standing: Mapping[_Bid, tuple[Decimal, Decimal]]) -> dict[_Bid, int]:
    """Ranks from (total, quote): the higher total first, then the lower quote; equal in both share a rank.

    Law: 87号令 第57条.
    """
    return _ranks({bid: (-total, quote) for bid, (total, quote) in standing.items()})


def _scored(offer: Offer, keys: Sequence[str] | None = None) -> Decimal:
    """The mean over the seats of each seat's sum, of all factors or of these; 0 where nobody scores."""
    sums = [
        sum((points for key, points in seat.items() if keys is None or key in keys), Decimal())
        for seat in offer.scores.values()
    ]
    return mean(sums) if sums else Decimal("0.00")


def _ranks(keys: Mapping[_Bid, tuple[Decimal, ...]]) -> dict[_Bid, int]:
    """Ranks by ascending keys; equal keys share a rank."""
    return {bid: 1 + sum(other < key for other in keys.values()) for bid, key in keys.items()}


def build_report(
    *, number: str, scoring: Mapping[str, Any], bids: Sequence[Mapping[str, Any]], seats: int,
    same_brand: Sequence[Sequence[str]] = (), drawn: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The `report/1` of these bids, each {"org","name","quote","small","compliant","reasons","scores"} with strings
    for amounts and points; a bid that is not compliant has no scores, and null where the others have results.

    ValueError when a figure is not what `why_not_report` accepts.
    """
    offers = {
        bid["org"]: Offer(
            price_of(bid),
            bid["small"],
            {seat: {key: decimal(points) for key, points in given.items()} for seat, given in bid["scores"].items()},
            _granted(bid, scoring),
        )
        for bid in bids
        if bid["compliant"]
    }
    outcome = _by_scoring(offers, scoring, same_brand, drawn or {})
    nothing = {"adjusted": None, "price_points": None, "total": None, "rank": None}
    made = [
        {**bid, **{key: str(value) if key != "rank" else value for key, value in vars(outcome[bid["org"]]).items()}}
        if bid["compliant"]
        else {**bid, **nothing, "scores": {}}
        for bid in sorted(bids, key=lambda bid: str(bid["org"]))
    ]
    report = {"v": "report/1", "number": number, "scoring": dict(scoring), "bids": made, "seats": seats}
    if drawn:
        report["drawn"] = dict(drawn)
    if same_brand:
        report["same_brand"] = sorted(sorted(group) for group in same_brand)
    if faults := why_not_report(report):
        raise ValueError("; ".join(faults))
    return report


def price_of(bid: Mapping[str, Any]) -> Decimal:
    """The price a bid is compared and contracted at: its quote, or what a confirmed correction made of it. Yuan."""
    return decimal(bid["corrected"]["to"] if "corrected" in bid else bid["quote"])


def _granted(bid: Mapping[str, Any], scoring: Mapping[str, Any]) -> Decimal:
    """The share of every policy granted to a bid. KeyError for one the scoring does not know."""
    return sum((decimal(scoring.get("policies", {})[key]) for key in bid.get("policies", ())), Decimal())


def _by_scoring(
    offers: Mapping[str, Offer], scoring: Mapping[str, Any], same_brand: Sequence[Sequence[str]] = (),
    drawn: Mapping[str, str] = NOTHING_DRAWN,
) -> dict[str, Outcome]:  # fmt: skip
    order = tuple(scoring.get("order", DEFAULT_ORDER))
    if not order or not set(order) <= set(ORDERS):
        raise ValueError(f"no order of ranks: {order}")
    if not scoring["factors"] and any(offer.scores for offer in offers.values()):
        raise ValueError("points where nothing is scored")
    return evaluate(
        offers,
        price_weight=decimal(scoring["price_weight"]),
        small_deduction=decimal(scoring["small_deduction"]),
        order=order,
        technical=[factor["key"] for factor in scoring["factors"] if factor.get("technical") is True],
        formula=scoring["formula"]["key"] if "formula" in scoring else prices.LOWEST,
        params={**scoring["formula"]["params"], **drawn} if "formula" in scoring else None,
        same_brand=same_brand,
    )


def why_not_report(report: Any) -> tuple[str, ...]:
    """What does not add up in a `report/1`: every points within its factor, every sum, every rank.

    Empty when anyone recomputing it comes to the same figures.
    """
    try:
        return tuple(_report_faults(report))
    except (canonical.NotCanonical, ValueError, TypeError, KeyError, AttributeError) as wrong:
        return (f"not a report/1: {wrong}",)


def _report_faults(report: Any) -> list[str]:
    _keys(report, ("v", "number", "scoring", "bids", "seats"), ("same_brand", "drawn"), "report")
    if report["v"] != "report/1":
        raise ValueError("its version is another")
    factors = {factor["key"]: decimal(factor["max"]) for factor in report["scoring"]["factors"]}
    weight, cap = decimal(report["scoring"]["price_weight"]), decimal(report["scoring"]["price_cap"])
    faults = _drawn_faults(report)
    if weight + sum(factors.values()) != 100 or len(factors) != len(report["scoring"]["factors"]):
        faults.append("the price and the factors do not make 100 points")
    offers: dict[str, Offer] = {}
    for bid in report["bids"]:
        _keys(bid, BID_KEYS, ("corrected", "policies"), "bid")
        if bid["org"] in offers or not isinstance(bid["small"], bool) or not isinstance(bid["compliant"], bool):
            raise ValueError(f"{bid['org']} occurs twice, or its flags are no flags")
        if not bid["compliant"]:
            faults += _refused_faults(bid)
            continue
        scores = {seat: {key: decimal(at) for key, at in given.items()} for seat, given in bid["scores"].items()}
        faults += _found_faults(bid)
        offers[bid["org"]] = Offer(price_of(bid), bid["small"], scores, _granted(bid, report["scoring"]))
        if not 0 < offers[bid["org"]].quote <= cap:
            faults.append(f"{bid['org']}: quote outside 0…{cap}")
        faults += _score_faults(bid["org"], scores, factors, int(report["seats"]))
    if len({bid["org"] for bid in report["bids"]}) != len(report["bids"]):
        faults.append("a bidder occurs twice")
    if faults:
        return faults
    groups = report.get("same_brand", [])
    together = [org for group in groups for org in group]
    if len(set(together)) != len(together) or not set(together) <= set(offers) or any(len(g) < 2 for g in groups):
        return ["the bids of one brand are not groups of bids that stand"]
    outcome = _by_scoring(offers, report["scoring"], groups, report.get("drawn", {}))
    for bid in report["bids"]:
        if bid["compliant"]:
            right = outcome[bid["org"]]
            for key in ("adjusted", "price_points", "total"):
                if decimal(bid[key]) != getattr(right, key):
                    faults.append(f"{bid['org']}: {key} is {bid[key]}, must be {getattr(right, key)}")
            if type(bid["rank"]) is not type(right.rank) or bid["rank"] != right.rank:
                faults.append(f"{bid['org']}: rank is {bid['rank']}, must be {right.rank}")
    return faults


def _drawn_faults(report: Mapping[str, Any]) -> list[str]:
    """Exactly the parameters that are drawn by lot have a value, and it is one of those there were."""
    listed = report["scoring"].get("formula", {}).get("draw", {})
    told = report.get("drawn", {})
    fits = set(told) == set(listed) and all(told[name] in listed[name] for name in listed)
    return [] if fits else ["a parameter is none of the values it was to be drawn from"]


def _keys(value: Any, keys: Sequence[str], optional: Sequence[str], what: str) -> None:
    """Refused (NotCanonical) unless these keys are there, and beside them none but the optional ones."""
    canonical.require_keys(value, [*keys, *(key for key in optional if key in value)], what)


def _found_faults(bid: Mapping[str, Any]) -> list[str]:
    """What the panel found of a bid that stands: a correction by a known rule, policies each once, none twice over."""
    faults = []
    if "corrected" in bid:
        canonical.require_keys(bid["corrected"], ("to", "rule"), "corrected")
        if bid["corrected"]["rule"] not in CORRECTIONS:
            faults.append(f"{bid['org']}: corrected by no known rule")
    granted = bid.get("policies", [])
    if len(set(granted)) != len(granted) or (bid["small"] and set(granted) & ALREADY_SMALL):
        faults.append(f"{bid['org']}: the same policy twice")
    return faults


def _refused_faults(bid: Mapping[str, Any]) -> list[str]:
    """A bid found not compliant has its reasons and no points."""
    faults = [] if bid["reasons"] else [f"{bid['org']}: refused without a reason"]
    if bid["scores"] or any(bid[key] is not None for key in ("adjusted", "price_points", "total", "rank")):
        faults.append(f"{bid['org']}: refused, yet it has points or a rank")
    return faults


def _score_faults(
    org: str, scores: Mapping[str, Mapping[str, Decimal]], factors: Mapping[str, Decimal], seats: int
) -> list[str]:
    faults = [] if len(scores) == seats else [f"{org}: {len(scores)} of {seats} seats scored"]
    for seat, given in scores.items():
        if set(given) != set(factors):
            faults.append(f"{org}: seat {seat} did not score exactly the factors")
        faults += [
            f"{org}: seat {seat} gave {points} of at most {factors[key]} for {key}"
            for key, points in given.items()
            if key in factors and points > factors[key]
        ]
    return faults


ALREADY_SMALL = frozenset({"consortium", "subcontract"})  # policies for those who are no small enterprise themselves
BID_KEYS = (
    "org",
    "name",
    "quote",
    "small",
    "adjusted",
    "compliant",
    "reasons",
    "price_points",
    "scores",
    "total",
    "rank",
)
