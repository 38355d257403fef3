"""What the lots of one batch must have in common, and when another may join. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rulebook.law import Article
from rulebook.refusal import Kind, Reason

MOST_LOTS = 20
TOGETHER = Article("87号令", "第20条")  # what the documents say; to verify


@dataclass(frozen=True)
class Lot:
    """One lot.  documents: (name, sha256).  most: how many lots one bidder may win, 0 for any number."""

    place: int
    closes_at: datetime
    publish_at: datetime
    envelopes: str
    most: int
    documents: frozenset[tuple[str, str]]


def why_not_together(lots: Sequence[Lot]) -> tuple[Reason, ...]:
    """Everything in which lots of one batch differ that must be one: documents, times, form, limit."""
    reasons: list[Reason] = []
    for code, text, values in (
        ("lots.documents", "同一批次各标段的{terms.documents}应当相同", {lot.documents for lot in lots}),
        (
            "lots.times",
            "同一批次各标段的发布和{terms.deadline}时间应当相同",
            {(lot.publish_at, lot.closes_at) for lot in lots},
        ),
        ("lots.envelopes", "同一批次各标段的{terms.file}形式应当相同", {lot.envelopes for lot in lots}),
        ("lots.most", "同一批次各标段的{terms.award}标段限额应当相同", {lot.most for lot in lots}),
    ):
        if len(values) > 1:
            reasons.append(Reason(code, Kind.NOT_VALID, text, TOGETHER))
    return tuple(reasons)


def why_not_add(*, lots: int, most: int) -> tuple[Reason, ...]:
    """Reasons against one more lot.  lots: how many there are already.  most: how many one bidder may win."""
    if lots >= MOST_LOTS:
        return (Reason("lots.too-many", Kind.NOT_VALID, "同一批次至多 20 个标段"),)
    if not 0 <= most <= MOST_LOTS:
        return (Reason("lots.most-odd", Kind.NOT_VALID, "每家可{terms.award}段数应为 0（不限）至 20"),)
    return ()
