"""Public facts of a purchase in the supermarket."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event

SPLITS = "split-purchases"


@dataclass(frozen=True)
class PurchaseTerms(Event):
    """What a purchase is made under, pinned with its notice.

    terms: `purchase/1`, see docs/proofs.md; its SHA-256 is the project's.
    """

    kind: ClassVar[str] = "market.purchase-terms"
    number: str
    terms: dict[str, Any]
    sha256: str


@dataclass(frozen=True)
class SplitFound(Event):
    """What a supervisor found of purchases that together passed the year's limit; never his private notes.

    earlier: [{"number", "amount"}], published before.  amount: of the one that was refused; all in yuan.
    """

    kind: ClassVar[str] = "market.split-found"
    org: str
    name: str
    item: str
    year: int
    limit: str
    earlier: list[dict[str, str]]
    amount: str
    finding: str
    text: str
