"""Clues on how an expert scored, over many panels: never verdicts. Pure, exact, public arithmetic.

For each panel: how far an expert's sum for a bid lies from the mean of the other members' sums, as a share of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Sums = Mapping[str, Mapping[str, Decimal]]  # expert → bidder → the sum of his points
PLACES = Decimal("0.001")


@dataclass(frozen=True)
class Clue:
    """What stands out, or does not.  deviation: mean of the absolute shares.  leaning: mean share for `favoured`, the
    bidder he most often placed furthest above the others, in `times` panels.
    """

    expert: str
    panels: int
    deviation: Decimal
    favoured: str
    times: int
    leaning: Decimal


def shares(panel: Sums) -> dict[str, dict[str, Decimal]]:
    """Expert ↦ bidder ↦ how far his sum lies from the others' mean; nothing where that is 0 or nobody else scored."""
    found: dict[str, dict[str, Decimal]] = {}
    for expert, given in panel.items():
        for org, points in given.items():
            others = [sums[org] for other, sums in panel.items() if other != expert and org in sums]
            middle = sum(others, Decimal()) / len(others) if others else Decimal()
            if middle:
                found.setdefault(expert, {})[org] = (points - middle) / middle
    return found


def clues(panels: Sequence[Sums]) -> list[Clue]:
    """One clue for each expert, furthest from his panels first; the order of the panels does not matter."""
    told: dict[str, list[dict[str, Decimal]]] = {}
    for panel in panels:
        for expert, found in shares(panel).items():
            told.setdefault(expert, []).append(found)
    made = [_clue(expert, found) for expert, found in told.items()]
    return sorted(made, key=lambda clue: (-clue.deviation, clue.expert))


def _clue(expert: str, found: Sequence[Mapping[str, Decimal]]) -> Clue:
    every = [abs(share) for panel in found for share in panel.values()]
    tops = Counter(min(panel, key=lambda org: (-panel[org], org)) for panel in found if max(panel.values()) > 0)
    favoured, times = min(tops.items(), key=lambda each: (-each[1], each[0]), default=("", 0))
    leaning = [panel[favoured] for panel in found if favoured in panel]
    return Clue(expert, len(found), _mean(every), favoured, times, _mean(leaning) if leaning else Decimal("0.000"))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal()) / len(values)).quantize(PLACES, ROUND_HALF_UP)
