"""The kept files of the house by their names, `<folder>/…`: what a backup holds beside the database.

Each is put once under its name and never changed. Its bytes are in the storage, or in the database on their way there,
before the row that names it is committed: so files listed after the database's snapshot hold all that snapshot names.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from ledger import blobs, storage

FOLDERS = ("archives", "blobs", "envelopes", "evidence", "files", "issued", "opened")
_DRAFT = re.compile(r"\.[0-9a-f]{8}$")  # being written just now, or left by who died


def listed() -> Iterator[str]:
    """The names of all of them, in order."""
    store = storage.store()
    for folder in FOLDERS:
        yield from (each.name for each in store.listed(f"{folder}/") if not _DRAFT.search(each.name))


def size(name: str) -> int:
    """Its bytes; 0 where it is not there."""
    return storage.store().size(name) or 0


def opened(name: str) -> BinaryIO:
    """One of them, for reading."""
    return storage.store().open(name)


def put(name: str, file: BinaryIO, *, sha256: str, size: int) -> None:
    """Put one back under its name, durable before this returns."""
    storage.store().put(name, file, sha256=sha256, size=size)


def forget(name: str) -> None:
    """Delete it, if it is there. Raises storage.Locked while the bucket itself keeps it."""
    blobs.forget_as(name)
