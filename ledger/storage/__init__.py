"""Where files that must survive are kept: a folder of this machine, or a bucket of S3. Above this nobody knows which.

A name is `<folder>/…`; most are `<folder>/<ab>/<SHA-256>`. What is under a name is put once and never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from ledger.storage.s3 import Bucket

PIECE = 1 << 16  # bytes held in memory while a file is copied
FINAL = frozenset({"blobs", "envelopes", "issued"})  # folders whose files the bucket itself keeps from being deleted

INCOMING = "incoming"  # the folder of what a client has put there himself and nobody has looked at yet


class Unavailable(OSError):
    """The storage does not answer, or not as it should: nothing was done, and trying again may help."""


class Differs(OSError):
    """There are other bytes under this name already, or others came than were promised."""


class Locked(OSError):
    """The storage keeps this for a time that is not over."""


@dataclass(frozen=True)
class Lying:
    """A file as a listing shows it.  size: bytes."""

    name: str
    size: int
    at: datetime


class Store(Protocol):
    """What a storage must do. Every call may raise Unavailable; what is not there is FileNotFoundError."""

    remote: bool  # asking it may take long: never while a row is held

    def put(self, name: str, file: BinaryIO, *, sha256: str, size: int, again: bool = False) -> None:
        """Keep the bytes, durable before this returns; the same ones again change nothing.

        again: in the place of what was damaged.  Raises Differs where other bytes lie there, or came.
        """

    def take(self, path: Path, name: str, *, sha256: str, size: int, again: bool = False) -> None:
        """The same for a file of this machine that was hashed and seen on the disk; it need not stay where it was."""

    def copy(self, source: str, name: str, *, sha256: str) -> None:
        """Keep a file under another name too. Raises Differs where its bytes are not those."""

    def confirm(self, name: str, sha256: str) -> None:
        """Read it through. Raises Differs where other bytes lie there."""

    def open(self, name: str) -> BinaryIO:
        """The bytes, to be read once from the start to the end."""

    def start(self, name: str, length: int) -> bytes:
        """The first bytes, at most so many."""

    def size(self, name: str) -> int | None:
        """How many bytes there are; None where it is not there."""

    def listed(self, prefix: str) -> Iterator[Lying]:
        """Whatever lies under names that begin so, in the order of the names."""

    def forget(self, name: str) -> None:
        """Delete it, if it is there. Raises Locked while the storage keeps it."""

    def why_not_ready(self) -> str:
        """What is wrong with it, for the operators; empty where files can be kept."""


def store() -> Store:
    """The storage of this house."""
    if settings.S3["bucket"]:
        return bucket()
    from ledger.storage.folder import Folder

    return Folder(settings.DATA)


def bucket() -> "Bucket":
    """The bucket, where one is set. Its client costs a quarter of a second to load: only for who has one."""
    return _bucket(tuple(sorted(settings.S3.items())))


@cache
def _bucket(told: tuple[tuple[str, str | int], ...]) -> "Bucket":
    from ledger.storage.s3 import Bucket

    return Bucket(**dict(told))  # type: ignore[arg-type]
