"""The storage of large public objects: one file each, named by its SHA-256, put once."""

import os
import secrets
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


def keep(sha256: str, data: bytes) -> None:
    """Put the bytes where they belong, durable before this returns; nothing happens when they are there already."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(draft, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name too must survive a power cut
    finally:
        os.close(folder)


def read(sha256: str) -> bytes:
    """The bytes of a published object."""
    return path_of(sha256).read_bytes()


def open_blob(sha256: str) -> BinaryIO:
    """The same, to be streamed."""
    return open(path_of(sha256), "rb")


def path_of(sha256: str) -> Path:
    """Where an object lies."""
    return settings.DATA / "blobs" / sha256[:2] / sha256
