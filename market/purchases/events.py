"""Public facts of a purchase in the supermarket."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class PurchaseTerms(Event):
    """What a purchase is made under, pinned with its notice.

    terms: `purchase/1`, see docs/proofs.md; its SHA-256 is the project's.
    """

    kind: ClassVar[str] = "market.purchase-terms"
    number: str
    terms: dict[str, Any]
    sha256: str
