"""Red flags of public figures, as the Open Contracting Partnership's Cardinal computes them. Pure.

A flag says where to look, never what was done. Definitions, exclusions and thresholds are those of Cardinal's
documentation (cardinal.readthedocs.io, indicators R003 … R058); quartiles are Hyndman and Fan's eighth kind, fences
stand one and a half times the distance of the quartiles outside them. One thing is ours: a figure that equals a
quartile is no outlier, or where all are alike all would be flagged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

SHORT = timedelta(days=15)  # R003
TOP = Fraction(3, 4)  # R025: who bids most
FEWEST_BIDS = 2  # R038: of a bidder
FEWEST_PURCHASES = 2  # R038: of a buyer
FEWEST_DISQUALIFIED = 1  # R035
REACH = Fraction(3, 2)  # of the distance between the quartiles


@dataclass(frozen=True)
class Submitted:
    """One bid.  amount: yuan, None where it names none.  several: a consortium's.  late: it came after the deadline."""

    org: str
    amount: Decimal | None
    valid: bool
    several: bool = False
    late: bool = False


@dataclass(frozen=True)
class Purchase:
    """One purchase whose result is published.

    open: everybody could bid.  competitive: open, or several were asked.  priced: bidders name prices of their own.
    by_price: the price alone decided.  winner: of the standing award.  item: first level of what was bought.
    """

    number: str
    buyer: str
    published_at: datetime | None
    closes_at: datetime | None
    open: bool
    competitive: bool
    priced: bool
    by_price: bool
    winner: str
    item: str
    bids: tuple[Submitted, ...]

    @property
    def valid(self) -> list[Submitted]:
        return [bid for bid in self.bids if bid.valid]

    @property
    def shared(self) -> bool:
        """A bid was handed in by several together."""
        return any(bid.several for bid in self.bids)


@dataclass(frozen=True)
class Hit:
    """What is flagged: a purchase's number, a buyer's or a bidder's code, with the figure."""

    about: str
    subject: str
    value: Fraction


@dataclass(frozen=True)
class Flag:
    """One flag over a set of purchases.

    judged, excluded: rows that entered the figure and that its definition leaves out.  fences: of the figure, by name.
    """

    code: str
    judged: int
    excluded: int
    hits: tuple[Hit, ...]
    fences: Mapping[str, Fraction] = field(default_factory=dict)


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The quantile of the eighth kind: at place (n + 1/3)·share + 1/3 of the sorted values, and in between linearly."""
    told = sorted(values)
    place = (len(told) + Fraction(1, 3)) * share + Fraction(1, 3)
    below = int(place)
    if below <= 0:
        return told[0]
    if below >= len(told):
        return told[-1]
    return told[below - 1] + (place - below) * (told[below] - told[below - 1])


def fences(values: Sequence[Fraction]) -> dict[str, Fraction]:
    """Both quartiles and both fences; none of no values."""
    if not values:
        return {}
    q1, q3 = quantile(values, Fraction(1, 4)), quantile(values, Fraction(3, 4))
    return {"q1": q1, "q3": q3, "low": q1 - REACH * (q3 - q1), "high": q3 + REACH * (q3 - q1)}


def short_notice(rows: Sequence[Purchase]) -> Flag:
    """R003: an open purchase left less than 15 days for bids."""
    spans = {
        row.number: row.closes_at - row.published_at for row in rows if row.open and row.closes_at and row.published_at
    }
    hits = [
        Hit("purchase", number, Fraction(span // timedelta(seconds=1), 86_400))
        for number, span in spans.items()
        if span < SHORT
    ]
    return Flag("R003", len(spans), len(rows) - len(spans), tuple(hits), {"least": Fraction(SHORT.days)})


def single_bid(rows: Sequence[Purchase]) -> Flag:
    """R018: one bidder alone where several might have bid."""
    judged = [row for row in rows if row.competitive]
    hits = [Hit("purchase", row.number, Fraction(1)) for row in judged if len({bid.org for bid in row.bids}) == 1]
    return Flag("R018", len(judged), len(rows) - len(judged), tuple(hits))


def close_prices(rows: Sequence[Purchase]) -> Flag:
    """R024: the second-lowest valid bid follows the winning one unusually closely."""
    gaps = _gaps(rows)
    drawn = fences(list(gaps.values()))
    hits = [Hit("purchase", number, gap) for number, gap in gaps.items() if _low(gap, drawn)]
    return Flag("R024", len(gaps), len(rows) - len(gaps), tuple(hits), drawn)


def losing_bidders(rows: Sequence[Purchase]) -> Flag:
    """R025: who bids most often wins unusually seldom."""
    judged = [row for row in rows if not row.shared]
    bids: dict[str, int] = {}
    wins: dict[str, int] = {}
    for row in judged:
        for org in {bid.org for bid in row.valid}:
            bids[org] = bids.get(org, 0) + 1
            wins[org] = wins.get(org, 0) + (org == row.winner)
    if not bids:
        return Flag("R025", 0, len(rows) - len(judged), ())
    often = quantile([Fraction(count) for count in bids.values()], TOP)
    ratios = {org: Fraction(wins[org], bids[org]) for org in bids}
    drawn = fences(list(ratios.values()))
    hits = [Hit("bidder", org, ratio) for org, ratio in ratios.items() if bids[org] >= often and _low(ratio, drawn)]
    return Flag("R025", len(ratios), len(rows) - len(judged), tuple(hits), {**drawn, "often": often})


def same_prices(rows: Sequence[Purchase]) -> Flag:
    """R028: different bidders named the same price."""
    judged = [row for row in rows if row.priced]
    hits: list[Hit] = []
    for row in judged:
        by_price: dict[Decimal, set[str]] = {}
        for bid in row.bids:
            if bid.amount is not None:
                by_price.setdefault(bid.amount, set()).add(bid.org)
        if most := max((len(orgs) for orgs in by_price.values()), default=0) if by_price else 0:
            hits += [Hit("purchase", row.number, Fraction(most))] if most > 1 else []
    return Flag("R028", len(judged), len(rows) - len(judged), tuple(hits))


def late_winner(rows: Sequence[Purchase]) -> Flag:
    """R030: the winning bid came after the deadline."""
    late = [row for row in rows if any(bid.late and bid.org == row.winner for bid in row.valid)]
    return Flag("R030", len(rows), 0, tuple(Hit("purchase", row.number, Fraction(1)) for row in late))


def all_others_out(rows: Sequence[Purchase]) -> Flag:
    """R035: every bid but the winner's was disqualified. The figure is how many bidders were."""
    hits = []
    for row in rows:
        valid = {bid.org for bid in row.valid}
        out = {bid.org for bid in row.bids if not bid.valid} - valid
        if valid == {row.winner} and len(out) >= FEWEST_DISQUALIFIED:
            hits.append(Hit("purchase", row.number, Fraction(len(out))))
    return Flag("R035", len(rows), 0, tuple(hits), {"least": Fraction(FEWEST_DISQUALIFIED)})


def lowest_out(rows: Sequence[Purchase]) -> Flag:
    """R036: the lowest bid was disqualified although the price alone decided."""
    judged = [row for row in rows if row.by_price and any(bid.amount is not None for bid in row.bids)]
    hits = []
    for row in judged:
        lowest = min((bid for bid in row.bids if bid.amount is not None), key=lambda bid: (bid.amount, not bid.valid))
        if not lowest.valid:
            hits.append(Hit("purchase", row.number, Fraction(1)))
    return Flag("R036", len(judged), len(rows) - len(judged), tuple(hits))


def often_out(rows: Sequence[Purchase]) -> Flag:
    """R038: a buyer disqualifies, or a bidder is disqualified, unusually often."""
    by_buyer: dict[str, list[Purchase]] = {}
    by_bidder: dict[str, list[Submitted]] = {}
    for row in rows:
        if row.bids:
            by_buyer.setdefault(row.buyer, []).append(row)
        for bid in row.bids:
            by_bidder.setdefault(bid.org, []).append(bid)
    buyers = {
        code: _share([bid for row in own for bid in row.bids])
        for code, own in by_buyer.items()
        if len(own) >= FEWEST_PURCHASES
    }
    bidders = {code: _share(own) for code, own in by_bidder.items() if len(own) >= FEWEST_BIDS}
    told: dict[str, Fraction] = {}
    hits: list[Hit] = []
    for about, ratios in (("buyer", buyers), ("bidder", bidders)):
        if drawn := fences(list(ratios.values())):
            told |= {f"{about}_{name}": value for name, value in drawn.items()}
            hits += [Hit(about, code, ratio) for code, ratio in ratios.items() if _high(ratio, drawn)]
    judged = len(buyers) + len(bidders)
    return Flag("R038", judged, len(by_buyer) + len(by_bidder) - judged, tuple(hits), told)


def mixed_supplier(rows: Sequence[Purchase]) -> Flag:
    """R048: a supplier wins unusually many different kinds of things."""
    kinds: dict[str, set[str]] = {}
    for row in rows:
        if not any(bid.several for bid in row.bids if bid.org == row.winner):
            kinds.setdefault(row.winner, set()).add(row.item)
    counts = {org: Fraction(len(own)) for org, own in kinds.items()}
    drawn = fences(list(counts.values()))
    hits = [Hit("bidder", org, count) for org, count in counts.items() if _high(count, drawn)]
    return Flag("R048", len(counts), sum(row.winner not in kinds for row in rows), tuple(hits), drawn)


def deep_discount(rows: Sequence[Purchase]) -> Flag:
    """R058: the second-lowest valid bid lies unusually far above the winning one."""
    gaps = _gaps(rows)
    drawn = fences(list(gaps.values()))
    hits = [Hit("purchase", number, gap) for number, gap in gaps.items() if _high(gap, drawn)]
    return Flag("R058", len(gaps), len(rows) - len(gaps), tuple(hits), drawn)


FLAGS: tuple[Callable[[Sequence[Purchase]], Flag], ...] = (
    short_notice, single_bid, close_prices, losing_bidders, same_prices, late_winner, all_others_out, lowest_out,
    often_out, mixed_supplier, deep_discount,
)  # fmt: skip


def flags(rows: Sequence[Purchase]) -> list[Flag]:
    """Every flag over the same purchases."""
    return [made(rows) for made in FLAGS]


def stored(row: Purchase) -> dict[str, Any]:
    """The purchase as JSON."""
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "published_at": row.published_at and row.published_at.isoformat(),
        "closes_at": row.closes_at and row.closes_at.isoformat(),
        "bids": [[bid.org, None if bid.amount is None else str(bid.amount), bid.valid, bid.several, bid.late]
                 for bid in row.bids],
    }  # fmt: skip


def restored(told: Mapping[str, Any]) -> Purchase:
    """The purchase that was stored."""
    return Purchase(
        **{name: told[name] for name in _PLAIN},
        published_at=told["published_at"] and datetime.fromisoformat(told["published_at"]),
        closes_at=told["closes_at"] and datetime.fromisoformat(told["closes_at"]),
        bids=tuple(
            Submitted(org, None if amount is None else Decimal(amount), valid, several, late)
            for org, amount, valid, several, late in told["bids"]
        ),
    )


_PLAIN = ("number", "buyer", "open", "competitive", "priced", "by_price", "winner", "item")


def _gaps(rows: Sequence[Purchase]) -> dict[str, Fraction]:
    """How far the second-lowest valid bid lies above the winning one, where the lowest won and nobody bid together."""
    found = {}
    for row in rows:
        told = sorted((bid.amount, bid.org != row.winner) for bid in row.valid if bid.amount)
        if row.priced and not row.shared and len(told) > 1 and not told[0][1]:
            winning, second = Fraction(told[0][0]), Fraction(told[1][0])
            found[row.number] = (second - winning) / winning
    return found


def _low(value: Fraction, drawn: Mapping[str, Fraction]) -> bool:
    return value <= drawn["low"] and value < drawn["q1"]


def _high(value: Fraction, drawn: Mapping[str, Fraction]) -> bool:
    return value >= drawn["high"] and value > drawn["q3"]


def _share(bids: Sequence[Submitted]) -> Fraction:
    return Fraction(sum(not bid.valid for bid in bids), len(bids))
