"""A proof one can carry away: `.tlog-proof`, an entry's inclusion with the checkpoint it is proven against.

Spec: C2SP tlog-proof v1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from proofs import note as notes
from proofs.checkpoint import Checkpoint, Policy, parse
from proofs.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from proofs.note import BadNote

HEAD = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True)
class TlogProof:
    """The index of an entry, its audit path, and the signed checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [HEAD]
        if self.extra is not None:
            lines.append(f"extra {notes.encode64(self.extra)}")
        lines += [f"index {self.index}", *(notes.encode64(digest) for digest in self.hashes), "", self.checkpoint]
        return "\n".join(lines)


def build(*, index: int, proof: Sequence[bytes], checkpoint: str) -> str:
    """The text of a proof."""
    return str(TlogProof(index, tuple(proof), checkpoint))


def parse_proof(text: str) -> TlogProof:
    """A proof, unchecked. Raises BadNote when it is not one."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != HEAD or not lines:
        raise BadNote("not a tlog-proof")
    extra = None
    if lines[0].startswith("extra "):
        extra = notes.decode64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise BadNote("a tlog-proof names an index")
    index = notes.decimal(lines.pop(0).removeprefix("index "))
    hashes = tuple(notes.decode64(line) for line in lines)
    if len(hashes) > MAX_HASHES or any(len(digest) != HASH_SIZE for digest in hashes):
        raise BadNote("not an audit path")
    notes.parse(checkpoint)
    return TlogProof(index, hashes, checkpoint, extra)


def why_not(text: str, entry: bytes, policy: Policy) -> str:
    """Empty when the proof shows that the entry is in a log the policy accepts; else what is wrong with it."""
    return why_not_leaf(text, leaf_hash(entry), policy)


def why_not_leaf(text: str, leaf: bytes, policy: Policy) -> str:
    """The same for one who holds only the leaf's hash, as a receipt gives it."""
    try:
        proof = parse_proof(text)
        if missing := policy.why_not(proof.checkpoint):
            return missing
        tree: Checkpoint = parse(notes.parse(proof.checkpoint).text)
    except BadNote as wrong:
        return str(wrong)
    included = verify_inclusion(leaf=leaf, index=proof.index, size=tree.size, proof=proof.hashes, root=tree.root)
    return "" if included else "the entry is not in the log under this checkpoint"
