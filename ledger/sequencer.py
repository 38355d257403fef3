"""Places committed entries in the two trees, writes tiles once and signs checkpoints; the only holder of the log keys.

Every batch is one transaction under a lock that the database keeps, and starts from the newest checkpoint. So two
sequencers could not make two histories, and what is published has been kept before.
"""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime

import rfc8785
from django.conf import settings
from django.db import connection, transaction

from ledger import keys, trees
from ledger.models import Checkpoint, Edge, Entry, Log, Pending, Placement, SealedBatch, Tile
from proofs import checkpoint as checkpoints
from proofs.merkle import leaf_hash, tree_root
from proofs.tiles import HEIGHT, WIDTH, encode_bundle
from rulebook.watched import watched

log = logging.getLogger(__name__)

PUBLIC_BATCH = 2000  # entries placed in one transaction
LOCK = 0x6D62_6C67  # the advisory lock of a batch
Leaf = tuple[bytes, Entry | None]


def turn(*, at: datetime) -> int:
    """One look at everything that is due: public entries, wanted sealed batches, the sealed cadence.

    Returns how many leaves were placed. Safe to call at any time and from anywhere that holds the keys.
    """
    with watched("sequencer.turn"):
        placed = place_public(at=at)
        for wanted in SealedBatch.objects.filter(checkpoint=None).order_by("pk"):
            placed += place_closing(wanted, at=at)
        if cadence_due(at=at):
            placed += place_sealed(at=at)
        return placed


def place_public(*, at: datetime) -> int:
    """Place what waits for the public log. Returns how many."""
    if not Pending.objects.filter(entry__log=Log.PUBLIC).exists():
        return 0
    with transaction.atomic():
        _lock()
        entries = _pending(Log.PUBLIC, PUBLIC_BATCH)
        if entries:
            _append(Log.PUBLIC, [(bytes(entry.leaf), entry) for entry in entries], at=at)
    return len(entries)


def cadence_due(*, at: datetime) -> bool:
    """A batch of the sealed log is due: the clock has passed a line of its fixed grid since the last one.

    The grid is fixed so that batches asked for at closings do not shift it.
    """
    newest = newest_checkpoint(Log.SEALED)
    every = settings.SEALED_EVERY
    return newest is None or at.timestamp() // every > newest.at.timestamp() // every


def place_sealed(*, at: datetime) -> int:
    """One batch of the cadence: always the same size, whatever waits."""
    size = settings.SEALED_BATCH
    with transaction.atomic():
        _lock()
        _append(Log.SEALED, _padded(_pending(Log.SEALED, size), size), at=at)
    return size


def place_closing(wanted: SealedBatch, *, at: datetime) -> int:
    """The batch at a closing: holds every entry of its stream, and is as large as any other closing's batch.

    Only a procurement with more entries waiting than such a batch holds makes it larger, by whole batches.
    """
    with transaction.atomic():
        _lock()
        stream = wanted.stream.partition("#")[0]  # a stream may close more than once, each time by a name of its own
        own = _pending(Log.SEALED, None, stream=stream)
        size = settings.CLOSING_BATCH * max(1, -(-len(own) // settings.CLOSING_BATCH))
        others = _pending(Log.SEALED, size - len(own), not_stream=stream)
        wanted.checkpoint = _append(Log.SEALED, _padded([*own, *others], size), at=at)
        wanted.save(update_fields=["checkpoint"])
    return size


def newest_checkpoint(name: str) -> Checkpoint | None:
    """The newest checkpoint of a log, cosigned or not."""
    return Checkpoint.objects.filter(log=name).order_by("-size").first()


def filler() -> bytes:
    """A leaf of the sealed log that stands for nothing and looks like any other."""
    return rfc8785.dumps({"v": "ev/1", "c": secrets.token_hex(32)})


def _lock() -> None:
    # SQLite needs no lock of its own: BEGIN IMMEDIATE admits one writer.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _pending(name: str, limit: int | None, *, stream: str = "", not_stream: str = "") -> list[Entry]:
    found = Entry.objects.filter(log=name, pending__isnull=False).order_by("pk")
    if stream:
        found = found.filter(stream=stream)
    if not_stream:
        found = found.exclude(stream=not_stream)
    return list(found[:limit] if limit is not None else found)


def _padded(entries: Sequence[Entry], size: int) -> list[Leaf]:
    """Entries and fillers in random order, so that no place in a batch tells how many entries are in it."""
    leaves: list[Leaf] = [(bytes(entry.leaf), entry) for entry in entries]
    leaves += [(filler(), None) for _ in range(size - len(leaves))]
    secrets.SystemRandom().shuffle(leaves)
    return leaves


def _append(name: str, leaves: Sequence[Leaf], *, at: datetime) -> Checkpoint:
    """Place the leaves, write what tiles they fill, sign the checkpoint; all in the caller's transaction."""
    newest = newest_checkpoint(name)
    old = newest.size if newest else 0
    size = old + len(leaves)
    Edge.objects.bulk_create(
        Edge(log=name, index=old + offset, leaf=leaf, hash=leaf_hash(leaf)) for offset, (leaf, _) in enumerate(leaves)
    )
    placed = [(old + offset, entry) for offset, (_, entry) in enumerate(leaves) if entry is not None]
    Placement.objects.bulk_create(Placement(entry=entry, log=name, index=index) for index, entry in placed)
    Pending.objects.filter(entry__in=[entry for _, entry in placed]).delete()
    _write_tiles(name, old, size)
    root = tree_root(size, trees.nodes(name, size))
    said = checkpoints.Checkpoint(origin=keys.origin(name), size=size, root=root)
    note = said.signed(keys.signers(keys.NAMES[name]))
    return Checkpoint.objects.create(log=name, size=size, root=root, note=note, at=at)


def _write_tiles(name: str, old: int, size: int) -> None:
    """Every tile, of any level, that is full at `size` leaves and was not at `old`."""
    level = 0
    while size >> HEIGHT * (level + 1):
        for n in range(old >> HEIGHT * (level + 1), size >> HEIGHT * (level + 1)):
            start, end = n * WIDTH, (n + 1) * WIDTH
            if level == 0:
                rows = trees.edge(name, start, end)
                bundle = encode_bundle([bytes(row.leaf) for row in rows])
                Tile.objects.create(log=name, level=trees.BUNDLE, n=n, data=bundle, root=b"")
                hashes = [bytes(row.hash) for row in rows]
            else:
                hashes = trees.roots(name, level - 1, start, end)
            Tile.objects.create(log=name, level=level, n=n, data=b"".join(hashes), root=_root(hashes))
        level += 1
    Edge.objects.filter(log=name, index__lt=size // WIDTH * WIDTH).delete()


def _root(hashes: Sequence[bytes]) -> bytes:
    """The hash over a full tile."""
    row = list(hashes)
    while len(row) > 1:
        row = [hashlib.sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
    return row[0]
