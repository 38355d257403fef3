"""Where uploaded envelopes lie: private files named by their content, written once.

They are ciphertext; nothing on this server can open them. Even so they are served to nobody but their owner until
the hall is open.
"""

import fcntl
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from bidding.submission import rules
from ledger import blobs, storage
from proofs import canonical, envelope
from proofs.manifest import Manifest
from rulebook.lasting import make_last
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, Refused

FOLDER = "envelopes"
MAGIC = b"SBE1"
LONGEST_HEADER = 300_000  # bytes; docs/proofs.md allows 262,144 and a few before them
PIECE = 64 * 1024
SHORTEST_PAYLOAD = 65_536  # the least any plaintext is padded to; the ciphertext is longer still


@dataclass(frozen=True)
class Received:
    """A complete upload that is not kept yet."""

    path: Path
    sha256: str
    size: int

    def head(self) -> BinaryIO:
        """Its bytes from the start."""
        return self.path.open("rb")

    def keep(self, name: str, *, again: bool) -> None:
        storage.store().take(self.path, name, sha256=self.sha256, size=self.size, again=again)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


class Whole(Protocol):
    """A complete upload that is not kept yet, wherever it lies."""

    @property
    def sha256(self) -> str: ...

    @property
    def size(self) -> int: ...

    def head(self) -> BinaryIO: ...

    def keep(self, name: str, *, again: bool) -> None: ...

    def discard(self) -> None: ...


def receive(chunks: Iterable[bytes], *, limit: int, unsealed: Article | None) -> Received:
    """Write an upload to a file, a piece at a time; nothing larger than a piece is held in memory.

    Refused when it is longer than `limit` bytes, and at its first bytes when it is no sealed envelope: what is not
    encrypted is not even stored, by the article `unsealed`.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    handle, name = tempfile.mkstemp(dir=_folder("incoming"))
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                head = (head + chunk)[:4] if len(head) < 4 else head
                if not MAGIC.startswith(head):
                    raise Refused(not_sealed(unsealed))
                if size > limit:
                    raise Refused(rules.too_large(limit))
                digest.update(chunk)
                file.write(chunk)
            if len(head) < 4:
                raise Refused(not_sealed(unsealed))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest.hexdigest(), size)


def append(
    key: str, offset: int, chunks: Iterable[bytes], *, limit: int, unsealed: Article | None
) -> tuple[int, bytes]:
    """Write the next bytes of an upload at their place and see them on the disk. Returns how many, and their SHA-256.

    Call it only while `alone` holds the upload. What lies behind the offset from an attempt that broke off is written
    over.  Refused when there are more than `limit`, and at the first bytes when it is no sealed envelope.
    """
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(upload_path(key), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.seek(offset)
        for chunk in chunks:
            if not offset and not size and not chunk.startswith(MAGIC):
                raise Refused(not_sealed(unsealed))
            size += len(chunk)
            if size > limit:
                text = "一次上传的内容超过 {limit} 字节"
                raise Refused(Reason("upload.chunk-too-large", Kind.NOT_VALID, text, values={"limit": limit}))
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not offset:
        make_last(upload_path(key))
    return size, digest.digest()


@contextmanager
def alone(key: str) -> Iterator[None]:
    """Nobody else writes to this upload meanwhile.  Refused at once while somebody does: he asks again."""
    with open(_folder("uploads") / f"{key}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            text = "上一次传输还没有结束，请稍候自动续传"
            raise Refused(Reason("upload.busy", Kind.NOT_NOW, text)) from busy
        yield


def complete(key: str) -> Received:
    """An upload whose last byte has come, read once more as a whole, a piece at a time."""
    digest, size = hashlib.sha256(), 0
    with upload_path(key).open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return Received(upload_path(key), digest.hexdigest(), size)


def forget_upload(key: str) -> None:
    """Delete what has come of an upload."""
    upload_path(key).unlink(missing_ok=True)
    (_folder("uploads") / f"{key}.lock").unlink(missing_ok=True)


def uploads() -> set[str]:
    """Keys of all uploads of which something lies here."""
    return {path.name.removesuffix(".lock") for path in _folder("uploads").iterdir()}


def upload_path(key: str) -> Path:
    """Where the bytes of an upload lie until it is complete."""
    return _folder("uploads") / key


def keep(received: Whole, *, again: bool = False) -> None:
    """Give a received file its lasting name; keeping the same bytes twice is keeping them once.

    again: in the place of a damaged one.  Asks the storage: call it while nothing is held.
    """
    received.keep(stored_as(received.sha256), again=again)


def discard(received: Whole) -> None:
    """Forget an upload that was refused."""
    received.discard()


def stored_as(sha256: str) -> str:
    """Under which name an envelope lies in the storage."""
    return blobs.name_of(sha256, folder=FOLDER)


def open_envelope(sha256: str) -> BinaryIO:
    """The stored bytes, damaged or not, for reading again and again. Raises FileNotFoundError."""
    return blobs.whole(sha256, folder=FOLDER)


def streamed(sha256: str) -> BinaryIO:
    """The stored bytes, for sending them on. Raises FileNotFoundError."""
    return blobs.open_blob(sha256, folder=FOLDER)


def stored_header(sha256: str) -> envelope.Header:
    """What a stored envelope says of itself; no more of it is fetched. Raises FileNotFoundError."""
    start = storage.store().start(stored_as(sha256), LONGEST_HEADER)
    return envelope.read_header(io.BytesIO(start))


def not_sealed(law: Article | None) -> Reason:
    """The refusal of a file that is not encrypted."""
    text = "不是加密{terms.file}（未加密的{terms.file}依法拒收），请用{terms.bid}工具{terms.seal}后上传"
    return Reason("envelope.not-sealed", Kind.NOT_VALID, text, law)


def header(received: Whole, *, manifest: Manifest, policy: str, unsealed: Article | None) -> envelope.Header:
    """What the envelope says of itself. Refused when it is none, or none of this tender."""
    with received.head() as file:
        try:
            found = envelope.read_header(file)
        except canonical.NotCanonical as wrong:
            raise Refused(_not_an_envelope(str(wrong), unsealed)) from wrong
    wrong_with_it = envelope.why_not_valid(found, manifest, policy=policy)
    if wrong_with_it:
        text = "信封不是按本项目的{terms.tender}条件封装的：{why}"
        raise Refused(Reason("envelope.other-terms", Kind.NOT_VALID, text, values={"why": "; ".join(wrong_with_it)}))
    if received.size < len(found.prefix) + SHORTEST_PAYLOAD:
        raise Refused(_not_an_envelope("payload missing", unsealed))
    return found


def _not_an_envelope(why: str, law: Article | None) -> Reason:
    text = "{terms.file}不完整或格式不符：{why}"
    return Reason("envelope.malformed", Kind.NOT_VALID, text, law, {"why": why})


def _folder(name: str) -> Path:
    folder = settings.DATA / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
