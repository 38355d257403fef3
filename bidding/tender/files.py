"""Documents as they arrive: read a piece at a time, held to a size, and looked at before they are kept."""

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from bidding.tender import rules
from bidding.tender.models import Document, Tender, document_path
from ledger import blobs
from rulebook.refusal import Reason

PIECE = 1 << 16  # bytes
MOST_INSIDE = 20_000  # names looked at in a packed file


@dataclass(frozen=True)
class Received:
    """A file that was read through once.  size: bytes, or one more than allowed where it is longer."""

    file: BinaryIO
    sha256: str
    size: int
    head: bytes
    inside: tuple[str, ...]

    def why_not(self, name: str) -> tuple[Reason, ...]:
        """Reasons against what it holds, under this name."""
        return rules.why_not_content(name=name, head=self.head, inside=self.inside)

    def keep(self, *, tender: Tender, name: str, at: datetime, **more: Any) -> Document:
        """Keep it as a document of a tender, in the file store."""
        self.file.seek(0)
        return Document.objects.create(
            tender=tender,
            name=name,
            size=self.size,
            sha256=self.sha256,
            file=File(self.file, name="document"),
            added_at=at,
            **more,
        )


def copy(document: Document, *, tender: Tender, at: datetime) -> Document:
    """The same document for another tender, in a file of its own: a draft's is deleted with it."""
    made = Document(tender=tender, name=document.name, size=document.size, sha256=document.sha256, added_at=at)
    made.file.name = document_path(made, document.name)
    blobs.copy_as(document.stored_as, made.stored_as, sha256=document.sha256)
    made.save()
    return made


def received(file: BinaryIO) -> Received:
    """Read a file through, holding no more than a piece of it in memory, and no further than a document may reach."""
    file.seek(0)
    digest, size, head = hashlib.sha256(), 0, b""
    while size <= rules.LARGEST_DOCUMENT and (piece := file.read(PIECE)):
        head = head or piece[: rules.LONGEST_HEAD]
        digest.update(piece)
        size += len(piece)
    return Received(file, digest.hexdigest(), size, head, _inside(file) if head.startswith(rules.PACKED) else ())


def _inside(file: BinaryIO) -> tuple[str, ...]:
    """The names packed in a file; none where it is damaged."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            return tuple(packed.namelist()[:MOST_INSIDE])
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError):  # RuntimeError: of a version to come
        return ()


def packed(documents: Sequence[Document]) -> BinaryIO:
    """All of them in one zip, under their own names, to be streamed; it lies on disk, not in memory."""
    whole = tempfile.TemporaryFile()  # noqa: SIM115 – the answer closes it
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as target:
        for document in documents:
            with document.file.open("rb") as source, target.open(document.name, "w") as copy:
                while piece := source.read(PIECE):
                    copy.write(piece)
    whole.seek(0)
    return whole


class Capped(FileUploadHandler):
    """Stops reading an upload where it is longer than any document may be, so that it fills no disk."""

    chunk_size = PIECE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > rules.LARGEST_DOCUMENT:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
