"""Prices that lie too regularly to have been found apart. Pure.

A pattern counts where fewer than `SELDOM` of its kind are to be expected by chance among so many prices, so wide apart,
on so coarse a grid: round prices that fall into step tell nothing, prices to the cent that do tell much.
Law: 招标投标法实施条例 第40条第4项; 87号令 第37条第4项 (报价呈规律性差异).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

SELDOM = 0.002  # patterns to be expected by chance
TOLERANCES = (0.0, 1e-6, 1e-4)  # of the mean price: to the grid exactly, and nearly
LEAST_ITEMS = 5  # lines, for a constant ratio between two bids
LONGEST = 12  # steps looked for


@dataclass(frozen=True)
class Pattern:
    """orgs: who lies in it.  evidence: which pattern, its step, and how many were to be expected by chance."""

    orgs: frozenset[str]
    evidence: Mapping[str, Any]


def patterns(quotes: Mapping[str, Decimal], items: Mapping[str, Mapping[str, Decimal]]) -> list[Pattern]:
    """Ladders, near equals and constant ratios among these prices; of patterns of the same bidders the rarest."""
    told = sorted((quote, org) for org, quote in quotes.items())
    found = [*_ladders(told, "arithmetic"), *_ladders(told, "geometric"), *_near(told), *_ratios(items)]
    best: dict[frozenset[str], Pattern] = {}
    for one in sorted(found, key=lambda one: float(one.evidence["chance"])):
        best.setdefault(one.orgs, one)
    kept = list(best.values())
    return [one for one in kept if not any(one.orgs < other.orgs for other in kept)]


def grid(quotes: Sequence[Decimal]) -> Decimal:
    """The coarsest of 0.01, 0.1 … of which all but one in ten of these prices are whole multiples, yuan."""
    step = Decimal("0.01")
    while step < 1_000_000 and sum(quote % (step * 10) == 0 for quote in quotes) * 10 >= 9 * len(quotes):
        step *= 10
    return step


def _ladders(told: Sequence[tuple[Decimal, str]], kind: str) -> list[Pattern]:
    """Runs of three or more prices in equal steps (arithmetic), or each the same multiple of the one before."""
    if len(told) < 3:
        return []
    scale = [float(quote) if kind == "arithmetic" else math.log(float(quote)) for quote, _ in told]
    mean = sum(float(quote) for quote, _ in told) / len(told)
    unit = float(grid([quote for quote, _ in told]))
    width = scale[-1] - scale[0]
    found = []
    for tolerance in TOLERANCES:
        slack = unit / 2 + tolerance * mean
        if kind == "geometric":
            slack /= mean
        chance = min(1.0, 2 * slack / width) if width else 1.0
        pairs = len(told) * (len(told) - 1) / 2
        for first, second in combinations(range(len(told)), 2):
            step = scale[second] - scale[first]
            run = _run(scale, first, second, step, slack) if step > 4 * slack else []
            expected = pairs * chance ** (len(run) - 2)
            if len(run) >= 3 and expected <= SELDOM:
                shown = f"{step:.2f}" if kind == "arithmetic" else f"{math.exp(step):.4f}"
                prices = [f"{told[place][0]:.2f}" for place in run]
                evidence = {"pattern": kind, "step": shown, "values": prices, "chance": f"{expected:.1e}"}
                found.append(Pattern(frozenset(told[place][1] for place in run), evidence))
    return found


def _run(scale: Sequence[float], first: int, second: int, step: float, slack: float) -> list[int]:
    """The prices that follow these two in the same step."""
    run = [first, second]
    for place in range(second + 1, len(scale)):
        ahead = scale[run[-1]] + step - scale[place]
        if abs(ahead) <= slack and len(run) < LONGEST:
            run.append(place)
    return run


def _near(told: Sequence[tuple[Decimal, str]]) -> list[Pattern]:
    """Two prices next to each other where the others lie wide apart."""
    if len(told) < 3:
        return []
    quotes = [float(quote) for quote, _ in told]
    width, unit = quotes[-1] - quotes[0], float(grid([quote for quote, _ in told]))
    pairs = len(told) * (len(told) - 1) / 2
    found = []
    for (low, one), (high, other) in pairwise(told):
        expected = pairs * 2 * (float(high - low) + unit) / width if width else 1.0
        if expected <= SELDOM:
            evidence = {"pattern": "near", "values": [f"{low:.2f}", f"{high:.2f}"], "chance": f"{expected:.1e}"}
            found.append(Pattern(frozenset({one, other}), evidence))
    return found


def _ratios(items: Mapping[str, Mapping[str, Decimal]]) -> list[Pattern]:
    """Two bids whose every line stands in the same ratio; equal lines of prices that are fixed do not count."""
    found = []
    for one, other in combinations(sorted(items), 2):
        lines = [name for name in items[one].keys() & items[other].keys() if items[one][name] and items[other][name]]
        ratios = [items[other][name] / items[one][name] for name in lines]
        if len(ratios) < LEAST_ITEMS or all(ratio == 1 for ratio in ratios):
            continue
        middle = sorted(ratios)[len(ratios) // 2]
        alike = sum(abs(ratio / middle - 1) <= Decimal("0.002") for ratio in ratios)
        if alike * 10 >= 9 * len(ratios):
            evidence = {"pattern": "ratio", "step": f"{middle:.4f}", "lines": alike, "chance": "0"}
            found.append(Pattern(frozenset({one, other}), evidence))
    return found
