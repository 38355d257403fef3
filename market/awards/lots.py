"""Several lots of one batch: who may still win one, and which must be determined first (兼投不兼中). Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

BATCHES = Article("87号令", "第20条")  # what else the documents must say; to verify


@dataclass(frozen=True)
class Lot:
    """Another lot of the same batch.  place: in the order of lots.  winner: whose award stands.

    decided: a winner is determined, or it came to nothing.
    """

    number: str
    place: int
    decided: bool
    winner: str = ""


def won(lots: Sequence[Lot]) -> dict[str, tuple[str, ...]]:
    """Organisation ↦ numbers of the lots it has won."""
    found: dict[str, list[str]] = {}
    for lot in lots:
        if lot.winner:
            found.setdefault(lot.winner, []).append(lot.number)
    return {org: tuple(numbers) for org, numbers in found.items()}


def full(others: Sequence[Lot], *, most: int) -> Mapping[str, tuple[str, ...]]:
    """Who has won as many of the other lots as the documents let one win.  most: 0 where they set no limit."""
    return {org: numbers for org, numbers in won(others).items() if most and len(numbers) >= most}


def why_not_yet(others: Sequence[Lot], *, place: int, most: int) -> tuple[Reason, ...]:
    """Reasons against determining the lot at this place now: with a limit, the order of lots decides."""
    waiting = [lot.place for lot in others if lot.place < place and not lot.decided]
    if not most or not waiting:
        return ()
    text = "本批次每家至多{terms.award} {most} 个标段，须按标段顺序定标：第 {place} 标段尚未确定"
    return (Reason("award.lots-in-order", Kind.NOT_NOW, text, BATCHES, {"most": most, "place": min(waiting)}),)


def too_many(org: str, others: Sequence[Lot], *, most: int) -> tuple[Reason, ...]:
    """Reasons against this candidate: it has won as many lots as it may."""
    numbers = full(others, most=most).get(org)
    if numbers is None:
        return ()
    text = "该供应商已{terms.award} {numbers}，达到每家至多 {most} 个标段的限额，由后一名递补"
    values = {"numbers": "、".join(numbers), "most": most}
    return (Reason("award.lots-full", Kind.NOT_VALID, text, BATCHES, values),)


def allot(rankings: Sequence[Sequence[str]], *, most: int) -> list[str | None]:
    """Who wins each lot, in the order of lots, when nobody declines: the first in rank that may still win one.

    most: lots one may win; 0 for no limit.
    """
    has: Counter[str] = Counter()
    winners: list[str | None] = []
    for ranked in rankings:
        winner = next((org for org in ranked if not most or has[org] < most), None)
        if winner is not None:
            has[winner] += 1
        winners.append(winner)
    return winners
