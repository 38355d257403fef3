"""How the ranks of a `selection/1` follow from lots that were drawn: for anyone to make again. Pure.

basis = {"draw": id of the draw, "seed": hex, "pool": the frozen list, "strata": of the draw's specification}; where the
buyer picked off the short list that lots made, also "picked" (its code) and "reason".
The draw itself is re-run by `verify-draw`: it ties seed, pool and strata to what its contributors gave.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from proofs import canonical, lots

_KEYS = ("draw", "seed", "pool", "strata")
_PICKED = (*_KEYS, "picked", "reason")
MOST_PER_ORG = 1


def drawn(basis: Mapping[str, Any]) -> list[str]:
    """Organisations in the order of their lots: the chosen, then those in reserve."""
    lots.check_pool(basis["pool"])
    seed = canonical.hex_bytes(basis["seed"], 32, "seed")
    org = {item["cid"]: item["org"] for item in basis["pool"]}
    [part] = lots.select(seed, basis["pool"], lots.parse_strata(basis["strata"]), max_per_org=MOST_PER_ORG)
    return [org[cid] for cid in (*part["chosen"], *part["standby"])]


def by_lot(report: Mapping[str, Any]) -> Iterator[str]:
    """Faults where the lots decide: the ranks are their order."""
    canonical.require_keys(report["basis"], _KEYS, "basis")
    yield from _same(report, drawn(report["basis"]))


def by_credit(report: Mapping[str, Any]) -> Iterator[str]:
    """Faults where lots make the short list and the buyer picks: his pick first, the rest in the order of lots."""
    basis = canonical.require_keys(report["basis"], _PICKED, "basis")
    order = drawn(basis)
    if basis["picked"] not in order or not str(basis["reason"]).strip():
        yield "the pick is not on the short list, or no reason is given"
        return
    yield from _same(report, [basis["picked"], *(org for org in order if org != basis["picked"])])


def _same(report: Mapping[str, Any], order: list[str]) -> Iterator[str]:
    ranked = sorted((bid["rank"], bid["org"]) for bid in report["bids"] if bid["rank"] is not None)
    if [org for _, org in ranked] != order:
        yield "the ranks are not those of the lots"
    pool = {item["org"] for item in report["basis"]["pool"]}
    if not pool <= {bid["org"] for bid in report["bids"]}:
        yield "somebody of the pool is not in the report"
