"""Large objects, each named by its SHA-256 and put once; a folder for each kind of reader.

They lie in the house's storage (`ledger.storage`); what an act keeps inside its transaction goes there with its commit.
"""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ledger import storage
from ledger.storage import PIECE, Differs, outgoing

PUBLIC = "blobs"  # the folder anyone may fetch from


def keep(sha256: str, data: bytes, *, folder: str = PUBLIC) -> None:
    """Put the bytes where they belong, durable before this returns, or with the transaction it is part of."""
    _keep(name_of(sha256, folder=folder), io.BytesIO(data), sha256=sha256, size=len(data))


def keep_file(file: BinaryIO, *, folder: str = PUBLIC) -> tuple[str, int]:
    """Put a file where its SHA-256 says, a piece at a time, however large it is; returns that, in hex, and its size."""
    with _rewound(file) as whole:
        sha256, size = outgoing.digest_of(whole)
        _keep(name_of(sha256, folder=folder), whole, sha256=sha256, size=size)
    return sha256, size


def keep_as(name: str, file: BinaryIO) -> None:
    """Put a file under a name of its own."""
    with _rewound(file) as whole:
        sha256, size = outgoing.digest_of(whole)
        _keep(name, whole, sha256=sha256, size=size)


def copy(source: str, sha256: str, *, folder: str = PUBLIC) -> None:
    """Keep what lies under another name here too; the bytes stay where they are. Raises Differs if they are others."""
    copy_as(source, name_of(sha256, folder=folder), sha256=sha256)


def copy_as(source: str, name: str, *, sha256: str) -> None:
    """The same under a name of its own."""
    if outgoing.is_needed():
        outgoing.add_copy(source, name, sha256=sha256)
    else:
        storage.store().copy(source, name, sha256=sha256)


def read(sha256: str, *, folder: str = PUBLIC) -> bytes:
    """The bytes of an object. Raises FileNotFoundError, and Differs where they are damaged."""
    with open_blob(sha256, folder=folder) as file:
        return file.read()


def open_blob(sha256: str, *, folder: str = PUBLIC) -> BinaryIO:
    """The same, to be streamed: where they are damaged it breaks off before the end."""
    name = name_of(sha256, folder=folder)
    return io.BufferedReader(_Verified(opened(name), name, sha256), PIECE)


def whole(sha256: str, *, folder: str) -> BinaryIO:
    """The bytes as they are, damaged or not, as a file that can be read again and again."""
    return whole_of(name_of(sha256, folder=folder))


def whole_of(name: str) -> BinaryIO:
    """The same of what has a name of its own."""
    file = opened(name)
    if file.seekable():
        return file
    with file:
        copied = tempfile.TemporaryFile()  # noqa: SIM115 – who asked closes it
        shutil.copyfileobj(file, copied, PIECE)
    copied.seek(0)
    return copied


def opened(name: str) -> BinaryIO:
    """Whatever lies under a name, to be read once; also what is on its way."""
    store = storage.store()
    try:
        return store.open(name)
    except FileNotFoundError:
        if not store.remote:
            raise
    return outgoing.waiting(name) or store.open(name)  # it may have gone between the two looks


def forget_as(name: str) -> None:
    """Delete what lies under a name. Raises Locked while the storage keeps it."""
    outgoing.forget(name)
    storage.store().forget(name)


def name_of(sha256: str, *, folder: str = PUBLIC) -> str:
    """Under which name an object lies."""
    return f"{folder}/{sha256[:2]}/{sha256}"


def _keep(name: str, file: BinaryIO, *, sha256: str, size: int) -> None:
    if outgoing.is_needed():
        outgoing.add(name, file, sha256=sha256, size=size)
    else:
        storage.store().put(name, file, sha256=sha256, size=size)


@contextmanager
def _rewound(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file that can be wound back: a copy of it where it cannot."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copied:
        shutil.copyfileobj(file, copied, PIECE)
        yield copied


class _Verified(io.RawIOBase):
    """Bytes that are hashed as they are read; the last are held back until they are known to be theirs.

    Raises Differs instead of them.
    """

    def __init__(self, file: BinaryIO, name: str, sha256: str) -> None:
        self._file, self._name, self._sha256, self._digest = file, name, sha256, hashlib.sha256()
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._held = self._held or self._more(len(buffer))
        ahead = self._more(PIECE)
        if not ahead and self._digest.hexdigest() != self._sha256:
            raise Differs(f"{self._name}: its bytes have changed")
        data = self._held[: len(buffer)]
        buffer[: len(data)] = data
        self._held = self._held[len(data) :] + ahead
        return len(data)

    def _more(self, length: int) -> bytes:
        data = self._file.read(length)
        self._digest.update(data)
        return data

    def close(self) -> None:
        self._file.close()
        super().close()
