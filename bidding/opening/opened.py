"""Files out of opened envelopes: they lie under their hash; whose they are and what they are called, the rows say."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ledger import blobs

FOLDER = "opened"


@dataclass(frozen=True)
class OpenedFile:
    """One file of an opened bid.  size: bytes."""

    part: str
    name: str
    size: int
    sha256: str

    def open(self, mode: str = "rb") -> BinaryIO:
        """Its bytes, for reading again and again."""
        return blobs.whole(self.sha256, folder=FOLDER)

    def streamed(self) -> BinaryIO:
        """Its bytes, for sending them on."""
        return blobs.open_blob(self.sha256, folder=FOLDER)


def keep(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Keep what was just decrypted; returns what a unit's row says of it. Asks the storage: hold nothing meanwhile."""
    told = []
    for path in sorted(paths):
        with path.open("rb") as file:
            sha256, size = blobs.keep_file(file, folder=FOLDER)
        told.append({"name": path.name, "size": size, "sha256": sha256})
    return told
