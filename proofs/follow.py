"""Following a log: fetch what is new, reckon the root anew, never go back.

A follower trusts the log's key for authorship and nobody for honesty: every checkpoint must be the tree of the entries
it was shown, and of those it was shown before. Entries are fetched as C2SP bundles.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from proofs import canonical, checkpoint
from proofs.checkpoint import Checkpoint, Policy
from proofs.merkle import Tree, leaf_hash
from proofs.note import Verifier
from proofs.tiles import WIDTH, Tile, decode_bundle

Read = Callable[[str], bytes]
"""The bytes of a resource beneath a log's prefix (`checkpoint`, `tile/…`). May raise OSError."""


class Misbehaved(Exception):
    """The log contradicts itself: it shrank, forked, or shows entries its root does not cover. Keep the evidence."""


def entry_bytes(told: Mapping[str, Any]) -> bytes:
    """The log entry of a public fact as a stream tells it, `{"stream","seq","at","kind","data"}`."""
    d = {"stream": told["stream"], "seq": told["seq"], **told["data"]}
    return canonical.dumps({"v": "ev/1", "t": told["kind"], "ts": told["at"], "d": d})


class Follower:
    """A reader's copy of a log's leaf hashes.

    policy: who must have cosigned before `witnesses_saw` says so.  memory: a file that remembers the last checkpoint
    over restarts, so that a log cannot go back while its reader is away.
    """

    def __init__(self, read: Read, key: Verifier, policy: Policy, *, memory: Path | None = None) -> None:
        self._read = read
        self._key = key
        self._policy = policy
        self._memory = memory
        self._tree = Tree()
        self._index: dict[bytes, int] = {}
        self._remembered = _recall(memory, key)
        self.note = ""
        self.witnessed = 0

    @property
    def size(self) -> int:
        """How many entries of the log have been checked."""
        return self._tree.size

    def refresh(self) -> Checkpoint:
        """Fetch the newest checkpoint and the entries up to it.

        BadNote when it is not signed by the log, Misbehaved when it contradicts what was seen before, OSError when
        the log cannot be read.
        """
        note = self._read("checkpoint").decode()
        newest = checkpoint.opened(note, self._key)
        if newest.size < self.size:
            if self._tree.root(newest.size) != newest.root:
                raise Misbehaved(f"the log showed two trees of {newest.size} entries")
            if not self._policy.is_witnessed(note):
                return newest  # an older checkpoint, as a log may serve while its witnesses lag; it takes nothing back
        self._fetch(newest.size)
        if self._tree.root(newest.size) != newest.root:
            raise Misbehaved(f"the entries do not make the root of the checkpoint of {newest.size}")
        self._confirm_memory()
        if self._policy.is_witnessed(note):
            self.witnessed = max(self.witnessed, newest.size)
        if newest.size == self.size:
            self.note = note
            _remember(self._memory, newest, note)
        return newest

    def index_of(self, entry: bytes) -> int | None:
        """Where an entry stands, None where it is not in the log as far as it was read."""
        return self._index.get(leaf_hash(entry))

    def witnesses_saw(self, entry: bytes) -> bool:
        """Whether a checkpoint that the policy's quorum cosigned covers this entry."""
        index = self.index_of(entry)
        return index is not None and index < self.witnessed

    def root(self, size: int) -> bytes:
        """The root of the first `size` entries."""
        return self._tree.root(size)

    def _fetch(self, size: int) -> None:
        while self.size < size:
            number = self.size // WIDTH
            width = min(WIDTH, size - number * WIDTH)
            entries = decode_bundle(self._read(Tile(None, number, width).path))
            if len(entries) != width:
                raise Misbehaved(f"a bundle of {width} holds {len(entries)} entries")
            for entry in entries[self.size - number * WIDTH :]:
                leaf = leaf_hash(entry)
                self._index.setdefault(leaf, self.size)
                self._tree.append(leaf)

    def _confirm_memory(self) -> None:
        seen = self._remembered
        if seen is None:
            return
        if seen.size > self.size:
            raise Misbehaved(f"the log had {seen.size} entries, now it has {self.size}")
        if self._tree.root(seen.size) != seen.root:
            raise Misbehaved(f"the first {seen.size} entries of the log are not those of last time")
        self._remembered = None


def directory(folder: Path) -> Read:
    """Read a log kept as files."""
    return lambda path: (folder / path).read_bytes()


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file so that it is either the old or the new one after a crash, and the new one once this returns."""
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _recall(memory: Path | None, key: Verifier) -> Checkpoint | None:
    if memory is None or not memory.exists():
        return None
    return checkpoint.opened(json.loads(memory.read_text())["note"], key)


def _remember(memory: Path | None, newest: Checkpoint, note: str) -> None:
    if memory is not None:
        write_durably(memory, json.dumps({"size": newest.size, "note": note}).encode())
