"""The storage of large objects: one file each, named by its SHA-256, put once; a folder for each kind of reader."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

PUBLIC = "blobs"  # the folder anyone may fetch from
PIECE = 1 << 16  # bytes held in memory while a file is copied


def keep(sha256: str, data: bytes, *, folder: str = PUBLIC) -> None:
    """Put the bytes where they belong, durable before this returns; nothing happens when they are there already."""
    path = path_of(sha256, folder=folder)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(draft, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    _settle(path.parent)


def keep_file(file: BinaryIO, *, folder: str = PUBLIC) -> tuple[str, int]:
    """Put a file where its SHA-256 says, a piece at a time, however large it is; returns that, in hex, and its size."""
    digest, size = hashlib.sha256(), 0
    place: Path = settings.DATA / folder
    place.mkdir(parents=True, exist_ok=True)
    draft = place / f"draft.{secrets.token_hex(8)}"
    try:
        with open(draft, "xb") as copy:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        path = path_of(digest.hexdigest(), folder=folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _settle(path.parent)
    return digest.hexdigest(), size


def _settle(path: Path) -> None:
    """Make the names in a folder durable: they too must survive a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(sha256: str) -> bytes:
    """The bytes of a published object."""
    return path_of(sha256).read_bytes()


def open_blob(sha256: str, *, folder: str = PUBLIC) -> BinaryIO:
    """The same, to be streamed."""
    return open(path_of(sha256, folder=folder), "rb")


def path_of(sha256: str, *, folder: str = PUBLIC) -> Path:
    """Where an object lies."""
    return settings.DATA / folder / sha256[:2] / sha256
