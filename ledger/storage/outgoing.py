"""Files written inside a transaction, when the storage is another machine.

A row is never held while that machine is asked: the bytes go into the act's own transaction, and to the storage once it
is committed. So an act that is undone leaves nothing there, one that is acknowledged is as durable as its rows, and a
storage that is down for an hour delays no opening. Until they have gone their bytes are read from here.
"""

import hashlib
import io
import itertools
import logging
import tempfile
import time
from typing import BinaryIO

from django.db import connection, transaction

from ledger import storage
from ledger.models import Outgoing

PIECE = 1 << 20  # bytes in a row
SILENT = 30.0  # seconds during which acts leave everything to the tick
log = logging.getLogger(__name__)


def is_needed() -> bool:
    """Whether what is to be kept now has to wait for its transaction."""
    return storage.store().remote and connection.in_atomic_block


def add(name: str, file: BinaryIO, *, sha256: str, size: int) -> None:
    """Take a file along in the transaction. What goes already, or goes twice at once, goes once."""
    pieces = iter(lambda: file.read(PIECE), b"")
    for number, data in enumerate(itertools.chain([next(pieces, b"")], pieces)):
        row = Outgoing(name=name, piece=number, data=data, sha256=sha256, size=size)
        Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: _soon(name))


def add_copy(source: str, name: str, *, sha256: str) -> None:
    """The same for a copy of what is kept under another name, which stays there."""
    row = Outgoing(name=name, piece=0, source=source, sha256=sha256, size=0)
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: _soon(name))


def waiting(name: str) -> BinaryIO | None:
    """The bytes of a file that has not gone yet; None where it has, or there is none."""
    first = Outgoing.objects.filter(name=name, piece=0).first()
    if first is None:
        return None
    if first.source:
        try:
            return storage.store().open(first.source)
        except FileNotFoundError:
            return waiting(first.source)
    whole = tempfile.SpooledTemporaryFile(max_size=8 * PIECE)  # noqa: SIM115 – who asked closes it
    for row in Outgoing.objects.filter(name=name).order_by("piece").iterator(4):
        whole.write(bytes(row.data))
    if whole.tell() != first.size:  # it went just now
        whole.close()
        return None
    whole.seek(0)
    return whole  # type: ignore[return-value]


def names() -> list[str]:
    """What has not gone yet, the oldest first."""
    return list(Outgoing.objects.filter(piece=0).order_by("pk").values_list("name", flat=True))


def carry(name: str) -> None:
    """Put one into the storage and forget it here; twice at once is once. Raises Unavailable."""
    first = Outgoing.objects.filter(name=name, piece=0).first()
    if first is None:
        return
    if first.source:
        storage.store().copy(first.source, name, sha256=first.sha256)
    else:
        with waiting(name) or io.BytesIO() as file:
            if not Outgoing.objects.filter(pk=first.pk).exists():
                return
            storage.store().put(name, file, sha256=first.sha256, size=first.size)
    Outgoing.objects.filter(name=name).delete()


def forget(name: str) -> None:
    """Nothing of it goes any more."""
    Outgoing.objects.filter(name=name).delete()


def _soon(name: str) -> None:
    """Now that the act is committed; what the storage does not take is left for the tick.

    Who has just been kept waiting by a silent storage is followed by others who need not be.
    """
    bucket = storage.bucket()
    if time.monotonic() < bucket.silent_until:
        return
    try:
        carry(name)
    except storage.Unavailable as wrong:
        bucket.silent_until = time.monotonic() + SILENT
        log.warning("left for the tick: %s", wrong)
    except FileNotFoundError as wrong:  # what it is a copy of is still on its way
        log.warning("left for the tick: %s", wrong)


def digest_of(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 in hex and the length of a file that can be wound back, wound back."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(storage.PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return digest.hexdigest(), size
