"""A log in memory with a witness of its own, for tests of those who read logs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proofs import checkpoint, commitment, note
from proofs.checkpoint import Checkpoint, Policy
from proofs.follow import Follower
from proofs.merkle import Tree, leaf_hash
from proofs.note import COSIGNATURE, Signer
from proofs.tiles import encode_bundle, parse_path, tile_data
from proofs.witness import Witness

TS = "2026-11-21T22:58:03.000000Z"


class MemoryLog:
    """Entries, their tree, and checkpoints served as a log serves them. cosign: whether its witness is awake."""

    def __init__(self, state: Path, *, name: str = "log.example.cn/log") -> None:
        self.signer = note.parse_private(note.generate(name))
        witness_key = note.parse_private(note.generate("witness.example.cn"), kind=COSIGNATURE)
        self.witness = Witness(witness_key, [self.signer.verifier], state, lambda: 1_760_000_000)
        self.witness_key: Signer = witness_key
        self.entries: list[bytes] = []
        self.tree = Tree()
        self.served = ""
        self.seq: dict[str, int] = {}
        self.at = TS
        self.publish(cosign=True)

    @property
    def policy(self) -> Policy:
        return checkpoint.quorum_of([self.witness_key.verifier], 1, logs=[self.signer.verifier])

    def tell(self, stream: str, kind: str, **data: Any) -> dict[str, Any]:
        """Append a public fact; how its stream tells it."""
        self.seq[stream] = self.seq.get(stream, 0) + 1
        told = {"stream": stream, "seq": self.seq[stream], "at": self.at, "kind": kind, "data": data}
        whole = {"stream": stream, "seq": self.seq[stream], **data}
        self.append(commitment.public_entry(kind, ts=self.at, data=whole))
        return told

    def append(self, entry: bytes) -> None:
        self.entries.append(entry)
        self.tree.append(leaf_hash(entry))

    def publish(self, *, cosign: bool = True) -> str:
        """Sign a checkpoint over all entries and serve it."""
        point = Checkpoint(self.signer.name, self.tree.size, self.tree.root())
        signed = point.signed([self.signer])
        if cosign:
            seen = self.witness.latest(self.signer.name)
            old = seen.size if seen else 0
            lines = [note.encode64(digest) for digest in self.tree.consistency(old)] if old else []
            reply = self.witness.add_checkpoint("\n".join([f"old {old}", *lines, "", signed]))
            assert reply.status == 200, reply
            signed += reply.body
        self.served = signed
        return signed

    def read(self, path: str) -> bytes:
        if path == "checkpoint":
            return self.served.encode()
        tile = parse_path(path)
        if tile.level is None:
            return encode_bundle(self.entries[tile.index * 256 : tile.index * 256 + tile.width])
        return tile_data(tile, self.tree.nodes)

    def follower(self, *, memory: Path | None = None) -> Follower:
        return Follower(self.read, self.signer.verifier, self.policy, memory=memory)


def grown(log: MemoryLog, entries: Sequence[bytes]) -> None:
    for entry in entries:
        log.append(entry)
