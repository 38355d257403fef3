"""The public fact of a contract."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class ContractRecorded(Event):
    """Buyer and winner have signed.  amount: yuan, the winner's quote."""

    kind: ClassVar[str] = "market.contract-recorded"
    org: str
    amount: str
    signed_on: date
