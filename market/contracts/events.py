"""Public facts of a contract."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class ContractRecorded(Event):
    """The winner confirmed what the buyer put forward last: the contract stands.  amount: yuan, the winner's quote.

    signed_on: the day of that yes.
    """

    kind: ClassVar[str] = "market.contract-recorded"
    org: str
    amount: str
    signed_on: date


@dataclass(frozen=True)
class ContractProposed(Event):
    """The buyer put a contract before the winner.  sha256: of its file, which the two sides have.  version: 1, 2, …"""

    kind: ClassVar[str] = "market.contract-proposed"
    version: int
    sha256: str
    size: int


@dataclass(frozen=True)
class ContractReturned(Event):
    """The winner sent it back with reasons the two sides know."""

    kind: ClassVar[str] = "market.contract-returned"
    version: int


@dataclass(frozen=True)
class ContractTakenBack(Event):
    """The buyer took it back before the winner answered."""

    kind: ClassVar[str] = "market.contract-taken-back"
    version: int
