"""Envelopes that go straight to the storage: in pieces, each to an address for its bytes alone.

What lies there counts for nothing until it was read through here: whole, of the promised hash, an envelope of this
tender. Only what was read becomes the envelope, whatever is put to an address afterwards.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings

from bidding.submission import envelopes, services
from bidding.submission.models import Upload
from bidding.submission.uploads import discard, note, own
from ledger import storage
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason, Refused
from rulebook.rows import left_for_next_time

PIECE = 16 * 2**20  # bytes; what is lost with a connection is at most this, and the storage joins no smaller ones
HOLDS = 15 * 60  # seconds an address is good for


@dataclass(frozen=True)
class Address:
    """Where a piece goes by PUT, and the headers that go with it."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Staged:
    """An upload as it was read in the storage, complete and not kept yet.  parts: name, version, size of each."""

    sha256: str
    size: int
    start: bytes
    parts: tuple[tuple[str, dict[str, str], int], ...]

    def head(self) -> BinaryIO:
        return io.BytesIO(self.start)

    def keep(self, name: str, *, again: bool) -> None:
        bucket = storage.bucket()
        if again or bucket.size(name) != self.size:
            bucket.compose(name, list(self.parts))
        else:
            bucket.hold(name)

    def discard(self) -> None:
        """The tick does."""


def is_offered() -> bool:
    """Whether envelopes may go straight to the storage of this house."""
    return bool(settings.S3["bucket"]) and settings.S3_STRAIGHT


def origin() -> str:
    """The storage as a page's policy names it; empty where nothing goes there."""
    return storage.bucket().origin if is_offered() else ""


def policy() -> dict[str, Any]:
    """What a page from which envelopes go there adds to its policy."""
    return {"connect-src": [origin()]} if is_offered() else {}


def sizes(row: Upload) -> list[int]:
    """How long each piece of an upload is."""
    return [min(PIECE, row.length - begin) for begin in range(0, row.length, PIECE)]


def there(*, project_number: str, part: str, key: str, by: Actor) -> tuple[Upload, list[int]]:
    """The upload, and the numbers of its pieces that have come, from 1. Raises Upload.DoesNotExist for others'."""
    row = own(project_number=project_number, part=part, key=key, by=by)
    come = {each.name: each.size for each in storage.store().listed(f"{_folder(row.key)}/")}
    return row, [n for n, size in enumerate(sizes(row), start=1) if come.get(f"{_folder(row.key)}/{n}") == size]


def address(
    *, project_number: str, part: str, key: str, number: int, sha256: str, by: Actor, at: datetime
) -> Address:  # fmt: skip
    """Where the bidder's client puts one piece, once, by its hash; good for a quarter of an hour.

    Raises Upload.DoesNotExist for everybody else's.  Refused when he may not bid now, or there is no such piece.
    """
    row = own(project_number=project_number, part=part, key=key, by=by)
    services.may_upload(project_number=project_number, part=part, by=by, at=at)
    lengths = sizes(row)
    if row.finished_at or not 1 <= number <= len(lengths) or (len(lengths) == 1 and sha256 != row.sha256):
        raise Refused(Reason("upload.piece", Kind.NOT_VALID, "没有这一段，请重新开始上传"))
    note(row, touched_at=at)
    name = f"{_folder(row.key)}/{number}"
    return Address(*storage.bucket().offered(name, sha256=sha256, size=lengths[number - 1], seconds=HOLDS))


def finish(*, project_number: str, part: str, key: str, by: Actor, at: datetime) -> Upload:
    """Read what has come, and keep it as an envelope; once more changes nothing.

    Raises Upload.DoesNotExist for everybody else's.  Refused when he may not bid now, while pieces are missing, and
    when the whole has another hash or is no envelope of this tender: then it is forgotten.
    """
    row, come = there(project_number=project_number, part=part, key=key, by=by)
    tender = services.may_upload(project_number=project_number, part=part, by=by, at=at)
    if row.finished_at:
        return row
    missing = len(sizes(row)) - len(come)
    if missing:
        raise Refused(Reason("upload.missing", Kind.NOT_NOW, "还有 {count} 段没有传到", values={"count": missing}))
    try:
        received = _read(row)
        if received.sha256 != row.sha256:
            text = "收到的内容与开始上传时声明的摘要不同，请重新上传"
            raise Refused(Reason("upload.digest", Kind.NOT_VALID, text))
        services.keep_received(received=received, tender=tender, part=part, by=by, at=at)
    except Refused:
        discard(row)
        raise
    note(row, offset=row.length, touched_at=at, finished_at=at)
    return row


def staged() -> dict[str, list[str]]:
    """Everything that lies there for a moment: names by the upload's key."""
    found: dict[str, list[str]] = {}
    if is_offered():
        for each in storage.store().listed(f"{storage.INCOMING}/"):
            found.setdefault(each.name.split("/")[1], []).append(each.name)
    return found


def forget(*, by: Actor, at: datetime) -> None:
    """Forget what lies there and belongs to no upload under way, be it finished, given up, or put there afterwards."""
    listed = staged()  # before the rows: what is begun meanwhile is in neither or in both
    for key in listed.keys() - set(Upload.objects.filter(finished_at=None).values_list("key", flat=True)):
        for name in listed[key]:
            with left_for_next_time("upload"):
                storage.store().forget(name)


def _read(row: Upload) -> Staged:
    digest, start, parts = hashlib.sha256(), b"", []
    for number, size in enumerate(sizes(row), start=1):
        name, come = f"{_folder(row.key)}/{number}", 0
        pieces, version = storage.bucket().pieces(name)
        for piece in pieces:
            digest.update(piece)
            come += len(piece)
            start += piece if len(start) < envelopes.LONGEST_HEADER else b""
        parts.append((name, version, size))
        if come != size:
            break  # it was put anew meanwhile: the hash is another, too
    return Staged(digest.hexdigest(), sum(size for _, _, size in parts), start, tuple(parts))


def _folder(key: str) -> str:
    return f"{storage.INCOMING}/{key}"
