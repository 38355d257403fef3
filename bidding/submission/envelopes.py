"""Where uploaded envelopes lie: private files named by their content, written once.

They are ciphertext; nothing on this server can open them. Even so they are served to nobody but their owner until
the hall is open.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from rulebook.law import Article
from rulebook.refusal import Kind, Reason, Refused

UNSEALED = Article("电子招标投标办法", "第26条")
MAGIC = b"SBE1"
SHORTEST_PAYLOAD = 65_536  # the least any plaintext is padded to; the ciphertext is longer still


@dataclass(frozen=True)
class Received:
    """A complete upload that is not kept yet."""

    path: Path
    sha256: str
    size: int


def receive(chunks: Iterable[bytes], *, limit: int) -> Received:
    """Write an upload to a file, a piece at a time; nothing larger than a piece is held in memory.

    Refused when it is longer than `limit` bytes, and at its first bytes when it is no sealed envelope: what is not
    encrypted is not even stored.  Law: 电子招标投标办法 第26条.
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
                    raise Refused(not_sealed())
                if size > limit:
                    text = "投标文件超过 {limit} 字节的上限"
                    raise Refused(Reason("envelope.too-large", Kind.NOT_VALID, text, values={"limit": limit}))
                digest.update(chunk)
                file.write(chunk)
            if len(head) < 4:
                raise Refused(not_sealed())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest.hexdigest(), size)


def keep(received: Received) -> None:
    """Give a received file its lasting name; keeping the same bytes twice is keeping them once."""
    place = path_of(received.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(received.path, place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def discard(received: Received) -> None:
    """Forget an upload that was refused."""
    received.path.unlink(missing_ok=True)


def path_of(sha256: str) -> Path:
    """Where the envelope with this hash lies, or would."""
    return _folder("envelopes") / sha256[:2] / sha256


def open_envelope(sha256: str) -> BinaryIO:
    """The stored bytes, for reading."""
    return path_of(sha256).open("rb")


def read(sha256: str) -> bytes:
    """The stored bytes, whole."""
    return path_of(sha256).read_bytes()


def not_sealed() -> Reason:
    """The refusal of a file that is not encrypted."""
    text = "不是加密投标文件（未加密的投标文件依法拒收），请用投标工具封标后上传"
    return Reason("envelope.not-sealed", Kind.NOT_VALID, text, UNSEALED)


def _folder(name: str) -> Path:
    folder = settings.DATA / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
