"""The Merkle tree of a log: hashes, roots, inclusion and consistency proofs.

Spec: RFC 6962 §2.1 (hashing, which RFC 9162 keeps), RFC 9162 §2.1.3.2 and §2.1.4.2 (verification).

Every proof is made from *nodes*, the hashes of complete subtrees: node (level, index) covers the leaves
`index·2^level … (index+1)·2^level − 1`. Whoever keeps the nodes (or the tiles they lie in) makes any proof by
reading O(log size) of them; history is never hashed again.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""(level, index) -> hash of that complete subtree. May raise LookupError for one it does not have."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf: SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_nodes(index: int, leaf: bytes, nodes: Nodes) -> list[tuple[int, int, bytes]]:
    """The nodes that appending `leaf` (a leaf hash) at `index` completes, from the leaf upwards.

    `nodes` is asked only for left neighbours, which the leaves before `index` completed.
    Keep them all and every proof about the tree can be made from `nodes` alone.
    """
    made = [(0, index, leaf)]
    level, digest = 0, leaf
    while index & 1:
        digest = node_hash(nodes(level, index - 1), digest)
        level, index = level + 1, index >> 1
        made.append((level, index, digest))
    return made


def tree_root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range_hash(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, nearest sibling first.

    Raises ValueError unless 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, nodes))
            end = middle
        else:
            path.append(_range_hash(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `old` leaves is a prefix of the tree of `new`.

    Empty when `old` is zero or equal to `new`. Raises ValueError unless 0 ≤ old ≤ new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {old} leaves within one of {new}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True  # whole: the old tree so far is exactly what the verifier's old root covers
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, nodes))
            end = middle
        else:
            path.append(_range_hash(start, middle, nodes))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(start, end, nodes))
    return path[::-1]


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash `leaf` is leaf `index` of the tree of `size` leaves with that root.

    Spec: RFC 9162 §2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    at, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            digest = node_hash(sibling, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and digest == root


def verify_consistency(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `old` leaves is a prefix of the tree of `new` leaves, by their roots.

    Spec: RFC 9162 §2.1.4.2; the empty tree is a prefix of every tree, and only the empty proof says so.
    """
    if not 0 <= old <= new or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Tree:
    """A tree in memory that keeps its nodes: for clients, verifiers and tests."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """`leaves` are leaf hashes."""
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        for level, _, digest in new_nodes(self.size, leaf, self.nodes):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(digest)

    @property
    def size(self) -> int:
        """How many leaves."""
        return len(self._levels[0])

    def nodes(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree. LookupError when it is not complete."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves (all)."""
        return tree_root(self.size if size is None else size, self.nodes)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of a leaf among the first `size` leaves (all)."""
        return inclusion_proof(index, self.size if size is None else size, self.nodes)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof between two sizes (to all)."""
        return consistency_proof(old, self.size if new is None else new, self.nodes)


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (≥ 2)."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(start: int, end: int, nodes: Nodes) -> bytes:
    """MTH of the leaves [start, end), where start is a multiple of the smallest power of two ≥ end − start."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_hash(start, middle, nodes), _range_hash(middle, end, nodes))


def _are_hashes(values: Iterable[bytes]) -> bool:
    return set(map(len, values)) <= {HASH_SIZE}
