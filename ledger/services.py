"""Append a fact, publish a large object. Callers hold their rows first and record last."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from ledger import blobs, rules, setback
from ledger.events import Event, Json, ScriptsServed
from ledger.models import Blob, Entry, Log, SealedBatch, Stream
from ledger.nudges import nudge
from ledger.queries import last_seq, room_of, scripts_served
from proofs import canonical
from proofs import scripts as lists
from rulebook.actor import Actor
from rulebook.refusal import refuse_if
from rulebook.times import iso

LONGEST_LEAF = 60_000  # bytes; an entry must fit a bundle's u16 length with room to spare
# Two statements for an entry, written out: every act waits for them while it holds its locks. The queue of entries to
# be placed is filled by a trigger.
_NEXT = (
    "INSERT INTO ledger_stream (log, name, last) VALUES (%s, %s, %s)"
    " ON CONFLICT (log, name) DO UPDATE SET last = ledger_stream.last + excluded.last RETURNING last"
)
_COLUMNS = ("log", "stream", "seq", "kind", "at", "event", "leaf", "nonce")
_ROW = f"({', '.join(['%s'] * len(_COLUMNS))})"
_APPEND = f"INSERT INTO ledger_entry ({', '.join(_COLUMNS)}) VALUES "


def record(event: Event, *, at: datetime) -> Entry:
    """Append an event to its stream, inside the caller's transaction and as its last statement.

    Locks the stream's row, so a stream has no gaps and follows commit order, and acts on different streams never
    wait for one another. Several events may be recorded one after the other. Unavailable on an old copy.
    """
    return record_all([event], at=at)[0]


def record_all(events: Sequence[Event], *, at: datetime) -> list[Entry]:
    """Append events of one stream and log in their order, as `record` would one after the other, in two statements."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() outside a transaction")
    stream, sealed = events[0].stream, events[0].sealed
    if any((event.stream, event.sealed) != (stream, sealed) for event in events):
        raise ValueError("events of two streams are recorded apart")
    log = Log.SEALED if sealed else Log.PUBLIC
    entries = _appended(log, stream, [(event, partial(envelope, event, at=at)) for event in events], at=at)
    if not sealed:
        transaction.on_commit(lambda: nudge(stream))
    return entries


def record_in_room(event: Event, *, at: datetime) -> Entry:
    """Append a public fact behind closed doors, as `record` would: blinded in the sealed log until it is disclosed.

    The sealed log alone learns of it, in the stream `room_of`. It holds its number in that stream and, as `after`, how
    many public entries stood before it: disclosed, all of them have their place again and none can be left out.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record_in_room() outside a transaction")
    after = last_seq(event.stream)

    def told(seq: int) -> dict[str, Json]:
        data: dict[str, Json] = {"stream": event.stream, "seq": seq, "after": after, **event.data()}
        return {"v": "ev/1", "t": event.kind, "ts": iso(at), "d": data}

    return _appended(Log.SEALED, room_of(event.stream), [(event, told)], at=at)[0]


def _appended(
    log: Log, stream: str, events: Sequence[tuple[Event, Callable[[int], dict[str, Json]]]], *, at: datetime
) -> list[Entry]:
    setback.refuse()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (log.value, stream, len(events)))
        first = cursor.fetchone()[0] - len(events) + 1
        rows = [
            (log.value, stream, seq, *_written(event, told(seq), at, blind=log is Log.SEALED))
            for seq, (event, told) in enumerate(events, start=first)
        ]
        kept_at = connection.ops.adapt_datetimefield_value(at)
        kept = [value for row in rows for value in (*row[:4], kept_at, *row[5:])]
        cursor.execute(f"{_APPEND}{', '.join([_ROW] * len(rows))} RETURNING seq, id", kept)
        numbers = dict(cursor.fetchall())
    return [Entry.from_db(connection.alias, ("id", *_COLUMNS), (numbers[row[2]], *row)) for row in rows]


def _written(
    event: Event, told: dict[str, Json], at: datetime, *, blind: bool
) -> tuple[str, datetime, str, bytes, bytes | None]:
    """kind, at, event, leaf and nonce of an entry."""
    full = canonical.spelled(told)
    nonce = secrets.token_bytes(32) if blind else None
    leaf = full if nonce is None else blinded(full, nonce)
    if len(leaf) > LONGEST_LEAF:
        raise ValueError(f"{event.kind} is too long for an entry: publish a blob and record its hash")
    return event.kind, at, full.decode(), leaf, nonce


def in_entries(rows: Sequence[Json]) -> Iterator[list[Json]]:
    """Rows of one fact in as many entries as they need, each with room for what stands beside them; at least one."""
    told: list[Json] = []
    size = 0
    for row in rows:
        length = len(canonical.spelled(row)) + 1
        if told and size + length > LONGEST_LEAF * 2 // 3:
            yield told
            told, size = [], 0
        told.append(row)
        size += length
    yield told


def envelope(event: Event, seq: int, *, at: datetime) -> dict[str, Json]:
    """An event as it is logged: version, kind, instant, data.

    A sealed event does not hold its number: its owner gets the event at once, and the number counts his rivals.
    """
    numbered: dict[str, Json] = {} if event.sealed else {"seq": seq}
    data: dict[str, Json] = {"stream": event.stream, **numbered, **event.data()}
    return {"v": "ev/1", "t": event.kind, "ts": iso(at), "d": data}


def blinded(full: bytes, nonce: bytes) -> bytes:
    """The sealed log's leaf for an event: a commitment that says nothing without its nonce."""
    return canonical.spelled({"v": "ev/1", "c": hashlib.sha256(b"ev1/blind\0" + nonce + full).hexdigest()})


def publish_blob(data: bytes) -> str:
    """Keep a large public object under its SHA-256; returns that, in hex. From the commit on anyone may fetch it."""
    sha256 = hashlib.sha256(data).hexdigest()
    blobs.keep(sha256, data)
    Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(data)})
    return sha256


def publish_copy(source: str, *, sha256: str, size: int) -> None:
    """The same for what lies in the storage already, under the name `source`. Raises Differs if it is damaged."""
    blobs.copy(source, sha256)
    Blob.objects.get_or_create(sha256=sha256, defaults={"size": size})


@transaction.atomic
def publish_scripts(*, scripts: Mapping[str, str], by: Actor, at: datetime) -> bool:
    """Log that the site serves these scripts from now on: {path: SHA-256 in hex}. False when the log says so already.

    Refused when anybody but the platform itself says it.
    """
    Stream.objects.get_or_create(log=Log.PUBLIC.value, name=lists.STREAM, defaults={"last": 0})
    Stream.objects.select_for_update().get(log=Log.PUBLIC.value, name=lists.STREAM)
    refuse_if(rules.why_not_publish_scripts(by=by))
    data, served = lists.listing(scripts), scripts_served()
    if served is not None and served.sha256 == hashlib.sha256(data).hexdigest():
        return False
    sha256 = publish_blob(data)
    record(ScriptsServed(stream=lists.STREAM, sha256=sha256, count=len(scripts)), at=at)
    return True


def want_sealed_batch(stream: str, *, at: datetime) -> SealedBatch:
    """Ask the sequencer for a batch of the sealed log that holds every entry of this stream, at its closing.

    Asking again changes nothing. `queries.sealed_batch` gives its checkpoint once it is there, a moment later; it is
    as large and takes as long for a stream without a single entry.
    """
    wanted, _ = SealedBatch.objects.get_or_create(stream=stream, defaults={"wanted_at": at})
    return wanted
