"""What a record tells, fact by fact: public entries, and what was told behind closed doors, in one order."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from proofs import canonical, earlier
from proofs.commitment import blinded_entry

ROOM = "opening.room-disclosed"


@dataclass(frozen=True)
class Proven:
    """A public entry with its place in the log and the path that proves it. leaf: the bytes hashed into the tree."""

    leaf: bytes
    index: int
    proof: tuple[bytes, ...]
    read: dict[str, Any] | None = field(default=None, repr=False, compare=False)
    after: int | None = None  # of a fact told behind closed doors: how many public entries stood before it

    @cached_property
    def event(self) -> dict[str, Any]:
        """The event in it; the leaf is its canonical spelling. Not to be changed."""
        event: dict[str, Any] = json.loads(self.leaf) if self.read is None else self.read
        return event

    @property
    def order(self) -> tuple[int, int]:
        """Its place among everything that is told of the procurement: what came first is less."""
        seq: int = self.event["d"]["seq"]
        return (seq, 0) if self.after is None else (self.after, seq)

    @cached_property
    def kind(self) -> str:
        return str(self.event["t"])

    @cached_property
    def data(self) -> dict[str, Any]:
        """What it says, in the form such a fact has now."""
        return earlier.present(self.kind, self.event["d"])

    def line(self) -> bytes:
        proof = [digest.hex() for digest in self.proof]
        return canonical.spelled({"entry": self.event, "index": self.index, "proof": proof}) + b"\n"


def facts(rows: Any) -> Iterator[Proven]:
    """The facts in the blob of such an entry, as they were told; ValueError when it is none."""
    for row in rows:
        canonical.require_keys(row, ("event", "nonce", "index", "proof"), "room")
        event = row["event"]
        after = canonical.integer(event["d"]["after"], 0, canonical.LARGEST, "after")
        leaf = blinded_entry(event, canonical.hex_bytes(row["nonce"], 32, "nonce"))
        index = canonical.integer(row["index"], 0, canonical.LARGEST, "index")
        yield Proven(leaf, index, canonical.hashes(row["proof"], "proof"), event, after)


def merged(entries: Iterable[Proven], told: Iterable[Proven]) -> list[Proven]:
    """Public entries and facts told behind closed doors, in one order; the entries as they are where there are none."""
    behind = list(told)
    return sorted([*entries, *behind], key=lambda each: each.order) if behind else list(entries)
