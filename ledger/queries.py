"""Reads of the ledger: entries after a cursor, proofs against the latest checkpoint."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.models import Entry, Log

PAGE = 500


@dataclass(frozen=True, slots=True)
class Head:
    """A log's checkpoint as readers need it. cosigned: the quorum of witnesses stands under it."""

    size: int
    root: bytes
    note: str
    cosigned: bool


def entries_after(stream: str, after: int = 0, limit: int = PAGE) -> list[Entry]:
    """A public stream's entries with a higher number than `after`, in order."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=stream, seq__gt=after).order_by("seq")
    return list(found[:limit])


def inclusion(entry: Entry) -> dict[str, object] | None:
    """{"index", "size", "proof": [hex]} against the latest checkpoint of its log; None before it is covered."""
    raise NotImplementedError


def tlog_proof(entry: Entry) -> str | None:
    """The entry's offline proof, `c2sp.org/tlog-proof@v1`; None before it is covered."""
    raise NotImplementedError


def latest_checkpoint(log: str) -> Head | None:
    """The newest checkpoint of a log; None before the first."""
    raise NotImplementedError


def covered(entry: Entry, cosigned: bool = True) -> bool:
    """A checkpoint (a witnessed one, unless told otherwise) covers this entry."""
    raise NotImplementedError


def sealed_checkpoint_covering(entries: Iterable[Entry]) -> Head | None:
    """The newest sealed checkpoint, if it covers all of these; its note carries what cosignatures there are."""
    raise NotImplementedError
