"""What a provider's credit is worth in a choice by credit: one place for the score, the tickets, the long list. Pure.

Every number is a row; the tickets are published before lots are drawn. A firm without history starts at the base.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rulebook.house import own

RULES = own(13)
BASE = Decimal(100)
ABANDONED, ABANDONED_MOST = Decimal(10), Decimal(40)  # points off for each winner's place given up within the window
WINDOW = 365  # days in which what happened counts
STARS = Decimal(5)  # points for each star of the mean of ratings above or below the middle of the scale
MIDDLE = Decimal(3)
# Tickets by score, the first line that fits: nobody has none, and the best has no more than four times the least.
TICKETS: tuple[tuple[Decimal, int], ...] = ((Decimal(100), 4), (Decimal(90), 3), (Decimal(75), 2), (Decimal(0), 1))
NEWCOMERS = Fraction(1, 5)  # of the places on the long list are kept for firms without history, where there are such


@dataclass(frozen=True)
class Record:
    """What is known of a provider.  stars: mean of its ratings, 1–5, None without any.  jobs: it was chosen for."""

    org: str
    name: str
    abandoned: int = 0
    stars: Decimal | None = None
    jobs: int = 0

    @property
    def is_new(self) -> bool:
        """It has no history here."""
        return self.jobs == 0 and self.abandoned == 0 and self.stars is None


def score(record: Record) -> Decimal:
    """Its credit: the base, less what it gave up, and what its ratings add or take; never below 0, one place.

    >>> str(score(Record("", "", abandoned=1, stars=Decimal("4.5"))))
    '97.5'
    """
    points = BASE - min(record.abandoned * ABANDONED, ABANDONED_MOST)
    if record.stars is not None:
        points += (record.stars - MIDDLE) * STARS
    return max(points, Decimal()).quantize(Decimal("0.1"), ROUND_HALF_UP)


def tickets(points: Decimal) -> int:
    """How many lots a score has in the draw."""
    return next(count for least, count in TICKETS if points >= least)


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
