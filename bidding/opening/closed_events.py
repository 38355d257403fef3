"""What is told of an opening behind closed doors: which facts wait, that it began, and all of it with the result."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class OfParties(Event):
    """A fact that names or counts those who take part, or leads to it: behind closed doors it waits for the result."""

    names_parties: ClassVar[bool] = True


@dataclass(frozen=True)
class DoorsShut(Event):
    """A session has begun behind closed doors; what happens in it is published with the result."""

    kind: ClassVar[str] = "opening.doors-shut"
    session: int
    closing: str


@dataclass(frozen=True)
class RoomDisclosed(Event):
    """With the result, every fact of the sessions that were held behind closed doors.

    sha256: the blob [{"event", "nonce", "index", "proof"}] in their order.  sealed_log, note: the checkpoint of the
    sealed log that holds them all.
    """

    kind: ClassVar[str] = "opening.room-disclosed"
    count: int
    sha256: str
    sealed_log: dict[str, Any]
    note: str

    def data(self) -> dict[str, Any]:
        told = super().data()
        return {"sealed": told.pop("sealed_log"), **told}


@dataclass(frozen=True)
class QuotesDisclosed(Event):
    """With the result, what was quoted in the rounds and everything that opens it again.

    sha256: the blob [{"eid", "sheet", "releases": [rel/1]}], sorted by envelope.
    """

    kind: ClassVar[str] = "opening.quotes-disclosed"
    sha256: str
