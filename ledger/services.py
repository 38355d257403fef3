"""Append a fact, publish a large object. Callers hold their rows first and record last."""

import hashlib
import secrets
from datetime import datetime

import rfc8785
from django.db import connection, transaction

from ledger import blobs
from ledger.events import Event, Json
from ledger.models import Blob, Entry, Log, SealedBatch
from ledger.nudges import nudge
from rulebook.times import iso

LONGEST_LEAF = 60_000  # bytes; an entry must fit a bundle's u16 length with room to spare
# Two statements for an entry, written out: every act waits for them while it holds its locks. The queue of entries to
# be placed is filled by a trigger.
_NEXT = (
    "INSERT INTO ledger_stream (log, name, last) VALUES (%s, %s, 1)"
    " ON CONFLICT (log, name) DO UPDATE SET last = ledger_stream.last + 1 RETURNING last"
)
_COLUMNS = ("log", "stream", "seq", "kind", "at", "event", "leaf", "nonce")
_APPEND = f"INSERT INTO ledger_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"


def record(event: Event, *, at: datetime) -> Entry:
    """Append an event to its stream, inside the caller's transaction and as its last statement.

    Locks the stream's row, so a stream has no gaps and follows commit order, and acts on different streams never
    wait for one another. Several events may be recorded one after the other.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() outside a transaction")
    log = (Log.SEALED if event.sealed else Log.PUBLIC).value
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (log, event.stream))
        seq = cursor.fetchone()[0]
        full = rfc8785.dumps(envelope(event, seq=seq, at=at))
        nonce = secrets.token_bytes(32) if event.sealed else None
        leaf = full if nonce is None else blinded(full, nonce)
        if len(leaf) > LONGEST_LEAF:
            raise ValueError(f"{event.kind} is too long for an entry: publish a blob and record its hash")
        values = (log, event.stream, seq, event.kind, at, full.decode(), leaf, nonce)
        kept_at = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_APPEND, (*values[:4], kept_at, *values[5:]))
        number = cursor.fetchone()[0]
    entry = Entry.from_db(connection.alias, ("id", *_COLUMNS), (number, *values))
    if not event.sealed:
        transaction.on_commit(lambda: nudge(event.stream))
    return entry


def envelope(event: Event, *, seq: int, at: datetime) -> dict[str, Json]:
    """An event as it is logged: version, kind, instant, data.

    A sealed event does not hold its number: its owner gets the event at once, and the number counts his rivals.
    """
    numbered: dict[str, Json] = {} if event.sealed else {"seq": seq}
    data: dict[str, Json] = {"stream": event.stream, **numbered, **event.data()}
    return {"v": "ev/1", "t": event.kind, "ts": iso(at), "d": data}


def blinded(full: bytes, nonce: bytes) -> bytes:
    """The sealed log's leaf for an event: a commitment that says nothing without its nonce."""
    return rfc8785.dumps({"v": "ev/1", "c": hashlib.sha256(b"ev1/blind\0" + nonce + full).hexdigest()})


def publish_blob(data: bytes) -> str:
    """Keep a large public object under its SHA-256; returns that, in hex. From the commit on anyone may fetch it."""
    sha256 = hashlib.sha256(data).hexdigest()
    blobs.keep(sha256, data)
    Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(data)})
    return sha256


def want_sealed_batch(stream: str, *, at: datetime) -> SealedBatch:
    """Ask the sequencer for a batch of the sealed log that holds every entry of this stream, at its closing.

    Asking again changes nothing. `queries.sealed_batch` gives its checkpoint once it is there, a moment later; it is
    as large and takes as long for a stream without a single entry.
    """
    wanted, _ = SealedBatch.objects.get_or_create(stream=stream, defaults={"wanted_at": at})
    return wanted
