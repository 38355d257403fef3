"""A copy of a public log that believes nothing: every entry lies under a checkpoint signed by the log's key and
cosigned by the quorum of witnesses, and every new checkpoint continues the one before."""

from collections.abc import Callable
from typing import Any

from proofs import canonical, merkle, note, tiles
from proofs.canonical import NotCanonical
from proofs.checkpoint import Checkpoint, Policy, opened, quorum_of
from proofs.note import Verifier
from proofs.tiles import Tile

Fetch = Callable[[str], bytes]
"""The bytes at a path beneath the log's prefix, `checkpoint` or `tile/…`."""


class Forked(Exception):
    """The log contradicts what it signed before. It must never be believed again; keep the evidence."""


class Mirror:
    """The entries of a log so far, and the tree over them. `policy` says whose cosignatures are needed."""

    def __init__(self, fetch: Fetch, log: Verifier, policy: Policy) -> None:
        self._fetch, self._log, self._policy = fetch, log, policy
        self.tree = merkle.Tree()
        self.checkpoint: Checkpoint | None = None
        self.note = ""

    def grow(self) -> list[dict[str, Any]]:
        """The events that a new checkpoint adds; none while the newest is not witnessed yet.

        Raises BadNote when the checkpoint is not the log's, Forked when it does not continue the last one.
        """
        text = self._fetch("checkpoint").decode()
        checkpoint = opened(text, self._log)
        if not self._policy.is_witnessed(text):
            return []
        if checkpoint.size < self.tree.size:
            return []  # an older answer of a cache; nothing is taken from it
        leaves = self._leaves(self.tree.size, checkpoint.size)
        grown = merkle.Tree(map(merkle.leaf_hash, leaves)) if not self.tree.size else self._extended(leaves)
        if grown.root(checkpoint.size) != checkpoint.root:
            raise Forked(f"the entries of {self._log.name} do not give the root it signed at size {checkpoint.size}")
        self.tree, self.checkpoint, self.note = grown, checkpoint, text
        return [event for leaf in leaves if (event := _event(leaf)) is not None]

    def _extended(self, leaves: list[bytes]) -> merkle.Tree:
        # Appending to the tree that gave the last root is what proves that the new one continues it.
        for leaf in leaves:
            self.tree.append(merkle.leaf_hash(leaf))
        return self.tree

    def _leaves(self, start: int, end: int) -> list[bytes]:
        found: list[bytes] = []
        for index in range(start // tiles.WIDTH, -(-end // tiles.WIDTH)):
            width = min(tiles.WIDTH, end - index * tiles.WIDTH)
            bundle = tiles.decode_bundle(self._fetch(Tile(None, index, width).path))
            if len(bundle) != width:
                raise Forked(f"bundle {index} has {len(bundle)} entries, not {width}")
            found += bundle[max(0, start - index * tiles.WIDTH) :]
        return found


def policy_of(witnesses: list[str], quorum: int) -> Policy:
    """The policy `quorum` of these witness vkeys."""
    return quorum_of([note.parse_vkey(vkey) for vkey in witnesses], quorum)


def _event(leaf: bytes) -> dict[str, Any] | None:
    """The public event in a leaf; None for what is none (an unknown version stays provable all the same)."""
    try:
        event = canonical.parse_object(leaf)
    except NotCanonical:
        return None
    return event if event.get("v") == "ev/1" and isinstance(event.get("d"), dict) else None
