"""Files in a folder of this machine."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ledger.storage import PIECE, Differs, Lying
from rulebook.lasting import make_last
from rulebook.watched import watched


class Folder:
    """A folder of a disk; a file appears under its name whole and durable, or not at all."""

    remote = False

    def __init__(self, place: Path) -> None:
        self.place = place

    def put(self, name: str, file: BinaryIO, *, sha256: str, size: int, again: bool = False) -> None:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft, digest = path.with_name(f"{path.name}.{secrets.token_hex(4)}"), hashlib.sha256()
        try:
            with watched("storage"), open(draft, "xb") as copy:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    copy.write(piece)
                copy.flush()
                os.fsync(copy.fileno())
            if digest.hexdigest() != sha256:
                raise Differs(f"{name}: other bytes came than were promised")
            self._settle(draft, path, sha256=sha256, again=again)
        finally:
            draft.unlink(missing_ok=True)

    def take(self, path: Path, name: str, *, sha256: str, size: int, again: bool = False) -> None:
        place = self.place / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._settle(path, place, sha256=sha256, again=again)

    def _settle(self, draft: Path, path: Path, *, sha256: str, again: bool) -> None:
        """Give the bytes their name, and make the name durable: it too must survive a power cut."""
        if again:
            os.replace(draft, path)
        else:
            try:
                os.link(draft, path)
            except FileExistsError:
                if hash_of(path) != sha256:
                    raise Differs(f"{path.name}: other bytes lie there") from None
        make_last(path)

    def copy(self, source: str, name: str, *, sha256: str) -> None:
        with self.open(source) as file:
            self.put(name, file, sha256=sha256, size=0)

    def confirm(self, name: str, sha256: str) -> None:
        if hash_of(self.place / name) != sha256:
            raise Differs(f"{name}: other bytes lie there")

    def open(self, name: str) -> BinaryIO:
        return open(self.place / name, "rb")

    def start(self, name: str, length: int) -> bytes:
        with self.open(name) as file:
            return file.read(length)

    def size(self, name: str) -> int | None:
        try:
            return (self.place / name).stat().st_size
        except FileNotFoundError:
            return None

    def listed(self, prefix: str) -> Iterator[Lying]:
        top = self.place / prefix.rpartition("/")[0]
        for path in sorted(path for path in top.rglob("*") if path.is_file()):
            name = path.relative_to(self.place).as_posix()
            if name.startswith(prefix):
                told = path.stat()
                yield Lying(name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC))

    def forget(self, name: str) -> None:
        (self.place / name).unlink(missing_ok=True)

    def why_not_ready(self) -> str:
        return "" if os.access(self.place, os.W_OK) else "the data folder cannot be written to"


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
