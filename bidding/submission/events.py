"""What the sealed log keeps of an offer. Nothing here is public before the hall opens."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class BidSealed(Event):
    """On the project's sealed stream, never on its public one: before opening even the number of bids is secret."""

    kind: ClassVar[str] = "bidding.bid-sealed"
    sealed: ClassVar[bool] = True
    org: str
    gen: int
    part: str
    eid: str
    slot: int
    version: int
    replaces: str | None
    env_sha256: str
    size: int
    sub_sha256: str
    received: str


@dataclass(frozen=True)
class BidWithdrawn(Event):
    """Taken back before the deadline; the envelope stays sealed for good."""

    kind: ClassVar[str] = "bidding.bid-withdrawn"
    sealed: ClassVar[bool] = True
    org: str
    gen: int
    part: str
    eid: str
    version: int
    wd_sha256: str
    received: str


@dataclass(frozen=True)
class BidRefused(Event):
    """An offer that came too late, kept as evidence of when it came."""

    kind: ClassVar[str] = "bidding.bid-refused"
    sealed: ClassVar[bool] = True
    org: str
    code: str
    statements_sha256: str
    received: str
    closes_at: str


@dataclass(frozen=True)
class RoundCalled(Event):
    """A round of sealed quotes has begun. Who may quote, and how many, is nobody's to know before it is opened."""

    kind: ClassVar[str] = "bidding.round-called"
    round: int
    until: str
    last: bool


@dataclass(frozen=True)
class RoundClosed(Event):
    """The time of a round is over and the list of its quotes is committed to, whatever is on it."""

    kind: ClassVar[str] = "bidding.round-closed"
    round: int
    closing: str
    sealed_log: dict[str, Any]
    note: str

    def data(self) -> dict[str, Any]:
        return {"round": self.round, "closing": self.closing, "sealed": self.sealed_log, "note": self.note}


@dataclass(frozen=True)
class TenderClosed(Event):
    """The deadline has passed and the list is committed to, whatever is on it."""

    kind: ClassVar[str] = "tender.closed"
    closing: str
    sealed_log: dict[str, Any]
    note: str

    def data(self) -> dict[str, Any]:
        return {"closing": self.closing, "sealed": self.sealed_log, "note": self.note}
