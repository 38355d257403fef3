"""Reads of the ledger: entries after a cursor, proofs against the latest checkpoint."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from ledger import blobs, trees
from ledger.events import LogRecovered
from ledger.models import Blob, Checkpoint, Cosignature, Entry, Log, Placement, SealedBatch, Stream, Witnessed
from proofs import scripts as lists
from proofs import tlogproof
from proofs.merkle import inclusion_proof

PAGE = 500
RECOVERY = "recovery"  # the stream of what was lost and gone on from
ROOM = "/room"  # how the stream ends whose facts are told behind closed doors
PATIENCE = timedelta(seconds=10)  # how much fresher a checkpoint must be to be shown without its witnesses


@dataclass(frozen=True, slots=True)
class Head:
    """A log's checkpoint as readers need it. note: with the cosignatures there are; cosigned: a quorum of them."""

    size: int
    root: bytes
    note: str
    cosigned: bool


def entries_after(stream: str, after: int = 0, limit: int | None = None) -> list[Entry]:
    """A public stream's entries with a higher number than `after`, in order; a page of them unless told otherwise."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=stream, seq__gt=after).order_by("seq")
    return list(found[: PAGE if limit is None else limit])


def entries_of(stream: str, kinds: Iterable[str], *, since: datetime, until: datetime | None) -> list[Entry]:
    """A public stream's entries of these kinds from `since` to `until` (None: now), in order; the rest is not read."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=stream, kind__in=tuple(kinds), at__gte=since)
    return list((found if until is None else found.filter(at__lte=until)).order_by("seq"))


def last_seq(stream: str) -> int:
    """The number of a public stream's newest entry, 0 when there is none."""
    return Stream.objects.filter(log=Log.PUBLIC, name=stream).values_list("last", flat=True).first() or 0


def room_of(stream: str) -> str:
    """Where the facts of a public stream wait that are told behind closed doors: a stream of the sealed log."""
    return f"{stream}{ROOM}"


def room_entries(stream: str, *, kinds: Collection[str] | None = None, naming: str = "") -> list[Entry]:
    """What was told behind closed doors of a public stream, in order. Who may see it is the caller's to decide.

    kinds: of these alone, None for all.  naming: and every one in which this word stands.
    """
    rows = Entry.objects.filter(log=Log.SEALED, stream=room_of(stream)).order_by("seq")
    if kinds is not None:
        rows = rows.filter(Q(kind__in=kinds) | Q(event__contains=naming) if naming else Q(kind__in=kinds))
    return list(rows)


def newest_of(stream: str, kind: str) -> dict[str, Any] | None:
    """The facts of a public stream's newest entry of a kind; None when there is none."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=stream, kind=kind).order_by("-seq").first()
    return dict(json.loads(found.event)["d"]) if found else None


@dataclass(frozen=True, slots=True)
class Served:
    """The newest list of the site's scripts. sha256: of the list itself."""

    entry: Entry
    sha256: str

    @property
    def scripts(self) -> dict[str, str]:
        """{path: SHA-256 in hex}."""
        return lists.read(blobs.read(self.sha256), sha256=self.sha256)


def scripts_served() -> Served | None:
    """What the log says the site serves now; None before it has said so."""
    found = Entry.objects.filter(log=Log.PUBLIC, stream=lists.STREAM, kind=lists.KIND).order_by("-seq").first()
    return Served(found, str(json.loads(found.event)["d"]["sha256"])) if found else None


def is_declared(witness: str, log: str, seen: int) -> bool:
    """Whether the log says that just this head of a witness was lost; from his next signature on it says nothing."""
    for entry in Entry.objects.filter(log=Log.PUBLIC, stream=RECOVERY, kind=LogRecovered.kind):
        told = {"log": log, "witness": witness, "seen": seen}
        if any(told.items() <= each.items() for each in json.loads(entry.event)["d"]["losses"]):
            since = Cosignature.objects.filter(witness=witness, checkpoint__log=log, at__gt=entry.at)
            return not since.exists()
    return False


def public_streams() -> list[Stream]:
    """Every public stream, by name."""
    return list(Stream.objects.filter(log=Log.PUBLIC).order_by("name"))


def latest_checkpoint(log: str) -> Head | None:
    """The checkpoint of a log to show: the newest its witnesses signed, or the newest when they lag behind.

    None before the first.
    """
    found = Checkpoint.objects.filter(log=log).order_by("-size").first()
    if found is None:
        return None
    signed = Witnessed.objects.filter(log=log).select_related("checkpoint").order_by("-size").first()
    if signed is not None and found.at - signed.checkpoint.at < PATIENCE:
        found = signed.checkpoint
    return head(found)


def newest(log: str) -> Head | None:
    """The newest checkpoint of a log, whoever has signed it. None before the first."""
    found = Checkpoint.objects.filter(log=log).order_by("-size").first()
    return head(found) if found else None


def head(checkpoint: Checkpoint) -> Head:
    """A checkpoint with what cosignatures it has."""
    lines = checkpoint.cosignatures.order_by("pk").values_list("line", flat=True)
    cosigned = Witnessed.objects.filter(checkpoint=checkpoint).exists()
    return Head(checkpoint.size, bytes(checkpoint.root), checkpoint.note + "".join(lines), cosigned)


def placement(entry: Entry) -> int | None:
    """The entry's index in its log, None before it has one."""
    return Placement.objects.filter(entry=entry).values_list("index", flat=True).first()


def inclusion(entry: Entry, *, against: Head | None = None) -> dict[str, object] | None:
    """{"index", "size", "proof": [hex]} against the latest checkpoint of its log; None before it is covered."""
    return inclusions([entry], against=against)[0]


def inclusions(entries: Iterable[Entry], *, against: Head | None = None) -> list[dict[str, object] | None]:
    """The same for many entries of one log, reading each tile once; all against one checkpoint."""
    entries = list(entries)
    if not entries:
        return []
    top = against or latest_checkpoint(entries[0].log)
    if top is None:
        return [None for _ in entries]
    places = dict(Placement.objects.filter(entry__in=entries).values_list("entry_id", "index"))
    nodes = trees.nodes(entries[0].log, top.size)

    def proof(index: int | None) -> dict[str, object] | None:
        if index is None or index >= top.size:
            return None
        path = [each.hex() for each in inclusion_proof(index, top.size, nodes)]
        return {"index": index, "size": top.size, "proof": path}

    return [proof(places.get(entry.pk)) for entry in entries]


def tlog_proof(entry: Entry, *, against: Head | None = None) -> str | None:
    """The entry's offline proof, `c2sp.org/tlog-proof@v1`, under the latest checkpoint; None before it is covered."""
    top, index = against or latest_checkpoint(entry.log), placement(entry)
    if top is None or index is None or index >= top.size:
        return None
    path = inclusion_proof(index, top.size, trees.nodes(entry.log, top.size))
    return tlogproof.build(index=index, proof=path, checkpoint=top.note)


def covered(entry: Entry, cosigned: bool = True) -> bool:
    """A checkpoint (a witnessed one, unless told otherwise) covers this entry."""
    index = placement(entry)
    if index is None or not cosigned:
        return index is not None
    return Witnessed.objects.filter(log=entry.log, size__gt=index).exists()


def sealed_checkpoint_covering(entries: Iterable[Entry]) -> Head | None:
    """The newest sealed checkpoint, if it covers all of these; its note carries what cosignatures there are."""
    entries = list(entries)
    if Placement.objects.filter(entry__in=entries).count() < len(entries):
        return None
    return newest(Log.SEALED)


def sealed_batch(stream: str) -> Head | None:
    """The sealed checkpoint made for the closing of a stream; None until the sequencer has made it."""
    wanted = SealedBatch.objects.filter(stream=stream).select_related("checkpoint").first()
    return head(wanted.checkpoint) if wanted is not None and wanted.checkpoint else None


def blob(sha256: str) -> Blob:
    """A published object. Blob.DoesNotExist when nothing of that hash was published."""
    return Blob.objects.get(sha256=sha256)


def placed_after(log: str, index: int, limit: int = PAGE) -> list[Placement]:
    """Places of a log from `index` on, in order, each with its entry: a reader that keeps its place misses nothing.

    Numbers of rows would not do: a transaction that began earlier may end later. Places are given one after the other.
    """
    found = Placement.objects.filter(log=log, index__gte=index).select_related("entry").order_by("index")
    return list(found.defer("entry__event", "entry__leaf", "entry__nonce")[:limit])


def facts_of(entry: Entry) -> dict[str, Any]:
    """What an entry says, besides its kind and instant."""
    return dict(json.loads(entry.event)["d"])
