"""Public facts of a choice without offers; who enrolled waits in the sealed log until it may be known."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class Enrolled(Event):
    """A provider takes part.  received: when its request was in."""

    kind: ClassVar[str] = "selection.enrolled"
    sealed: ClassVar[bool] = True
    org: str
    received: str


@dataclass(frozen=True)
class EnrolmentWithdrawn(Event):
    """A provider has taken its enrolment back."""

    kind: ClassVar[str] = "selection.enrolment-withdrawn"
    sealed: ClassVar[bool] = True
    org: str
    received: str


@dataclass(frozen=True)
class EnrolmentClosed(Event):
    """The list of who enrolled is fixed.  closing: its commitment (docs/proofs.md, entrants).  It says neither who
    nor how many.  note: the sealed log's checkpoint that holds everything on it, {"size", "root"} as `sealed_log`.
    """

    kind: ClassVar[str] = "selection.enrolment-closed"
    closing: str
    sealed_log: dict[str, Any]
    note: str


@dataclass(frozen=True)
class EntrantsPublished(Event):
    """Who enrolled is public.  sha256: of the blob `entrants/1` that opens the closing."""

    kind: ClassVar[str] = "selection.entrants-published"
    names_parties: ClassVar[bool] = True
    sha256: str
    count: int


@dataclass(frozen=True)
class PoolFrozen(Event):
    """Who may be drawn on the day of choice, with how many lots, and who is out and why, before any lot is drawn.

    sha256: of the blob {"v": "pool/1", "number", "eligible": [{"org", "name", "score", "tickets"}],
    "out": [{"org", "name", "reasons"}]}.
    """

    kind: ClassVar[str] = "selection.pool-frozen"
    names_parties: ClassVar[bool] = True
    sha256: str
    eligible: int
    out: int


@dataclass(frozen=True)
class ShortListed(Event):
    """Lots have made the short list; the buyer picks one of it.  listed: [{"org", "name"}] in the order of lots."""

    kind: ClassVar[str] = "selection.short-listed"
    names_parties: ClassVar[bool] = True
    draw: str
    listed: list[dict[str, str]]


@dataclass(frozen=True)
class Picked(Event):
    """The buyer has picked a firm off the short list."""

    kind: ClassVar[str] = "selection.picked"
    names_parties: ClassVar[bool] = True
    org: str
    name: str
    reason: str


@dataclass(frozen=True)
class ChosenDirectly(Event):
    """The buyer has named a provider itself, at a price in yuan, with its reason."""

    kind: ClassVar[str] = "selection.chosen-directly"
    names_parties: ClassVar[bool] = True
    org: str
    name: str
    amount: str
    reason: str
