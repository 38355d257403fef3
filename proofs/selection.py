"""selection/1: the result of a choice in the supermarket, in a shape anyone can check. Pure.

{"v": "selection/1", "number", "method", "basis", "bids": [{"org", "name", "quote", "rank", "compliant", "reasons"}]}
quote: yuan.  rank: 1 first, None for who may not win, then with its reasons.  basis: what the method makes its ranks
from; `METHODS` knows how to make them again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from proofs import auction, by_lot, canonical, merit, quotes
from proofs.scoring import decimal

KEYS = {"v", "number", "method", "basis", "bids"}
BID_KEYS = {"org", "name", "quote", "rank", "compliant", "reasons"}

# How a method's ranks follow from its basis: faults found, none when they do.
METHODS: dict[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "random": by_lot.by_lot,
    "credit": by_lot.by_credit,
    "auction": auction.why_not_chosen,
    "sealed_price": quotes.why_not_report,
    "merit": merit.why_not_report,
}


def why_not_selection(report: Any) -> tuple[str, ...]:
    """What does not add up in a `selection/1`. Empty when anyone making it again comes to the same ranks."""
    try:
        return tuple(_faults(report))
    except (canonical.NotCanonical, ValueError, TypeError, KeyError, AttributeError) as wrong:
        return (f"not a selection/1: {wrong}",)


def _faults(report: Any) -> list[str]:
    if set(report) != KEYS or report["v"] != "selection/1":
        raise ValueError("its keys or its version are others")
    faults: list[str] = []
    ranks, seen = [], set()
    for bid in report["bids"]:
        if set(bid) != BID_KEYS or bid["org"] in seen or not isinstance(bid["compliant"], bool):
            raise ValueError(f"{bid.get('org')} occurs twice, or its keys are others")
        seen.add(bid["org"])
        if decimal(bid["quote"]) <= 0:
            faults.append(f"{bid['org']}: a quote above zero is needed")
        if bid["compliant"] == (bid["rank"] is None) or bid["compliant"] == bool(bid["reasons"]):
            faults.append(f"{bid['org']}: who is ranked has no reasons against it, who is not has them")
        if bid["rank"] is not None:
            ranks.append(bid["rank"])
    if sorted(ranks) != list(range(1, len(ranks) + 1)):
        faults.append("the ranks are not 1, 2, 3 …")
    again = METHODS.get(report["method"])
    return faults + (list(again(report)) if again else [])
