"""Public facts about terms and keys, and the sealed fact that somebody took the documents."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bidding.holding.events import KEYS, SlotsPosted
from ledger.events import Event, Json

__all__ = ["KEYS", "SlotsPosted"]


@dataclass(frozen=True)
class Terms(Event):
    """The terms bids are made under, from here on unchanged."""

    kind: ClassVar[str] = "tender.terms"
    terms: dict[str, Any]

    def data(self) -> dict[str, Json]:
        return dict(self.terms)


@dataclass(frozen=True)
class KeysWanted(Event):
    """The holders are asked for slot keys. Only numbers: the purchase itself is not announced yet."""

    kind: ClassVar[str] = "tender.keys-wanted"
    number: str
    units: list[dict[str, str]]
    slots: int
    holders: list[dict[str, Any]]
    k: int


@dataclass(frozen=True)
class ManifestMade(Event):
    """The manifest of a unit's key holders; the blob with this hash holds it."""

    kind: ClassVar[str] = "tender.manifest"
    unit: dict[str, str]
    cmh: str
    k: int
    n: int


@dataclass(frozen=True)
class TrialWanted(Event):
    """The holders are asked to open a dummy sealed to slot 0."""

    kind: ClassVar[str] = "tender.rehearsal-wanted"
    unit: dict[str, str]
    eid: str
    env_sha256: str
    slot: int = 0


@dataclass(frozen=True)
class Rehearsed(Event):
    """The trial opening is over.  verdict: OK, or what stood in its way."""

    kind: ClassVar[str] = "tender.rehearsed"
    unit: dict[str, str]
    cmh: str
    verdict: str


@dataclass(frozen=True)
class DocumentsTaken(Event):
    """A provider took the documents. Sealed: before the opening nobody may know who, or how many."""

    kind: ClassVar[str] = "tender.documents-taken"
    sealed: ClassVar[bool] = True
    number: str
    org: str
    notice_sha256: str
