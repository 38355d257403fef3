"""The kept files of the house by their names, `<folder>/…`: what a backup holds beside the database.

Each is put once under its name and never changed. Its bytes are there before the row that names it is committed, so
files listed after the database's snapshot hold every file that snapshot names.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

FOLDERS = ("blobs", "envelopes", "issued", "evidence", "opened", "files", "archives")


def listed() -> Iterator[str]:
    """The names of all of them."""
    root: Path = settings.DATA
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and ".draft" not in path.name and not path.name.startswith("draft."):
                yield path.relative_to(root).as_posix()


def listed_in(prefix: str) -> Iterator[str]:
    """The names beneath one, in order."""
    root: Path = settings.DATA
    for path in sorted((root / prefix).rglob("*")):
        if path.is_file():
            yield path.relative_to(root).as_posix()


def size(name: str) -> int:
    """Its bytes; 0 where it is not there."""
    path: Path = settings.DATA / name
    return path.stat().st_size if path.is_file() else 0


def sha256_of(name: str) -> str:
    """The SHA-256 of its bytes in hex."""
    with opened(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget(name: str) -> None:
    """Delete it, if it is there."""
    (settings.DATA / name).unlink(missing_ok=True)


def opened(name: str) -> BinaryIO:
    """One of them, for reading."""
    return open(settings.DATA / name, "rb")


def put(name: str, file: BinaryIO) -> None:
    """Put one back under its name. Durable once the restore has synced: nothing is acknowledged before."""
    path: Path = settings.DATA / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as copy:
        while block := file.read(1 << 20):
            copy.write(block)
    os.replace(draft, path)
