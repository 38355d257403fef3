"""What a provider's credit is worth in a choice by credit: the tickets, the long list. Pure.

The score itself is that of `blacklist.credit`, and there is no other. The tickets are published before
lots are drawn. A firm without history starts at the base.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from blacklist.credit.rules import Score
from rulebook.house import own

RULES = own(13)
NEWCOMERS = Fraction(1, 5)  # of the places on the long list are kept for firms without history, where there are such


@dataclass(frozen=True)
class Record:
    """What is known of a provider.  credit: its score today.  jobs: for how many it was chosen, given up ones too."""

    org: str
    name: str
    credit: Score = field(default_factory=Score)
    jobs: int = 0

    @property
    def is_new(self) -> bool:
        """It has no history here."""
        return self.jobs == 0 and not self.credit.items


def score(record: Record) -> Decimal:
    """Its credit, one place."""
    return record.credit.value


def tickets(record: Record) -> int:
    """How many lots it has in the draw: by its grade."""
    return record.credit.grade.tickets


def long_list(records: Iterable[Record], *, places: int) -> list[Record]:
    """The best by credit, and the newcomers' share; who equals the last place is on it too, so chance decides nothing.

    A share of the places is kept for firms without history: incumbents cannot shut them out by what they alone can
    have, ratings.  In the order of scores, then of codes.
    """
    ranked = sorted(records, key=lambda each: (-score(each), each.org))
    new = [each for each in ranked if each.is_new]
    kept = min(len(new), -(-places * NEWCOMERS.numerator // NEWCOMERS.denominator))
    chosen = {each.org for each in _with_equals(new, kept)}
    room = max(places - kept, 0)
    rest = [each for each in ranked if each.org not in chosen]
    chosen |= {each.org for each in _with_equals(rest, room)}
    return [each for each in ranked if each.org in chosen]


def _with_equals(ranked: Sequence[Record], places: int) -> Sequence[Record]:
    if places <= 0:
        return ()
    if len(ranked) <= places:
        return ranked
    last = score(ranked[places - 1])
    return [each for each in ranked if score(each) >= last]


def pool(weights: Mapping[str, int], *, stratum: str) -> list[dict[str, object]]:
    """The frozen list lots are drawn from: a candidate for every ticket, `CODE` or `CODE.2`, by candidate."""
    rows: list[dict[str, object]] = [
        {"cid": org if place == 1 else f"{org}.{place}", "org": org, "strata": [stratum]}
        for org, count in weights.items()
        for place in range(1, count + 1)
    ]
    return sorted(rows, key=lambda row: str(row["cid"]))
