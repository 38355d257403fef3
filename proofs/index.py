"""What is inside an envelope: `u32 len ‖ index ‖ files in order ‖ zeros`, padded so that its size tells little."""

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from proofs import canonical
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.statement import Signer

STEP = 65_536
LONGEST_INDEX = 4 * 2**20
_BLOCK = 2**20


@dataclass(frozen=True)
class File:
    """A file to be sealed: its name and where its bytes are."""

    name: str
    source: Path | bytes

    def open(self) -> BinaryIO:
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")

    def described(self) -> dict[str, Any]:
        """Its line in the index: name, size, SHA-256."""
        digest, size = hashlib.sha256(), 0
        with self.open() as source:
            for block in blocks(source):
                digest.update(block)
                size += len(block)
        return {"name": self.name, "size": size, "sha256": digest.hexdigest()}


def padded_length(length: int, part: str) -> int:
    """The length a plaintext is padded to: whole 64 KiB for what is read out, Padmé of at least 64 KiB otherwise."""
    if part in ("sheet", "price"):
        return -(-length // STEP) * STEP
    longer = max(length, STEP)
    exponent = longer.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-longer // step) * step


def build(
    *, unit: Mapping[str, Any], eid: str, sheet: Mapping[str, Any], files: Sequence[File], by: Signer, ts: str
) -> dict[str, Any]:
    """The signed index of an envelope.

    Refused (NotCanonical) when a name is no plain file name or occurs twice, or a sheet is in a unit not read out.
    """
    described = [file.described() for file in files]
    fields = {"unit": dict(unit), "eid": eid, "sheet": dict(sheet), "files": described}
    signed = statements.sign("idx/1", fields, by=by, ts=ts)
    _check_sheet(signed)
    return signed


def plaintext(index: Mapping[str, Any], files: Sequence[File]) -> Iterator[bytes]:
    """The padded plaintext, block by block. Refused (NotCanonical) when a file changed since it was indexed."""
    head = canonical.dumps(index)
    yield len(head).to_bytes(4, "big") + head
    for file, named in zip(files, index["files"], strict=True):
        digest = hashlib.sha256()
        with file.open() as source:
            for block in blocks(source):
                digest.update(block)
                yield block
        if digest.hexdigest() != named["sha256"]:
            raise NotCanonical(f"{file.name} changed while it was being sealed")
    length = _length(len(head), index)
    left = padded_length(length, index["unit"]["part"]) - length
    while left:
        yield bytes(min(left, _BLOCK))
        left -= min(left, _BLOCK)


def read(opened: BinaryIO) -> dict[str, Any]:
    """The index at the head of an opened plaintext, with the place of every byte behind it checked.

    Refused (NotCanonical) when the index is malformed, a file differs from its hash, the padding is not all zeros
    or the total length is not the one the padding rule gives. Its signature is not looked at.
    """
    size = opened.seek(0, os.SEEK_END)
    opened.seek(0)
    length = int.from_bytes(opened.read(4), "big")
    if not 0 < length <= min(LONGEST_INDEX, size):
        raise NotCanonical("index: length out of range")
    index = statements.read(opened.read(length), v="idx/1")
    _check_sheet(index)
    total = _length(length, index)
    if size != padded_length(total, index["unit"]["part"]):
        raise NotCanonical("plaintext: not the padded length of its content")
    for file in index["files"]:
        digest = hashlib.sha256()
        for block in blocks(opened, file["size"]):
            digest.update(block)
        if digest.hexdigest() != file["sha256"]:
            raise NotCanonical(f"{file['name']}: not the bytes the index names")
    if any(block != bytes(len(block)) for block in blocks(opened)):
        raise NotCanonical("plaintext: the padding is not all zeros")
    return index


def extract(opened: BinaryIO, index: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the files of a plaintext that `read` has accepted into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    opened.seek(4 + len(canonical.dumps(index)))
    written = []
    for file in index["files"]:
        path = folder / file["name"]
        with path.open("wb") as target:
            for block in blocks(opened, file["size"]):
                target.write(block)
        written.append(path)
    return written


def blocks(source: BinaryIO, limit: int | None = None) -> Iterator[bytes]:
    """The bytes of a source in blocks, at most `limit` of them."""
    while limit is None or limit > 0:
        block = source.read(_BLOCK if limit is None else min(_BLOCK, limit))
        if not block:
            return
        if limit is not None:
            limit -= len(block)
        yield block


def _length(head: int, index: Mapping[str, Any]) -> int:
    return 4 + head + sum(int(file["size"]) for file in index["files"])


def _check_sheet(index: Mapping[str, Any]) -> None:
    # Only what the law reads out may be in a sheet, and a sheet only where it is read out.
    if index["sheet"] and index["unit"].get("part") not in ("sheet", "price"):
        raise NotCanonical("sheet: must be {} in a unit that is not read out")
    if "part" not in index["unit"]:
        raise NotCanonical("index: its unit is no part of a tender")
