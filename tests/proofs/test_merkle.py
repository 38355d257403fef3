"""The tree: every leaf is provable and nothing else is; every prefix is consistent and nothing else is."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % number) for number in range(size)]


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word, as an independent reckoning."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


def test_a_leaf_is_no_node() -> None:
    """RFC 6962 §2.1: one byte before each keeps two nodes from passing for an entry."""
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_the_root_is_the_one_of_the_definition_at_every_size() -> None:
    tree = Tree(leaves(130))
    for size in range(131):
        assert tree.root(size) == naive_root(leaves(size))
    assert tree.root(0) == EMPTY_ROOT


def test_every_leaf_of_every_tree_is_provable_at_its_place_and_nowhere_else() -> None:
    tree = Tree(leaves(40))
    hashes = leaves(40)
    for size in range(1, 41):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert verify_inclusion(leaf=hashes[index], index=index, size=size, proof=proof, root=root)
            for other in range(size):
                if other != index:
                    assert not verify_inclusion(leaf=hashes[index], index=other, size=size, proof=proof, root=root)


@given(st.integers(1, 300), st.data())
def test_nothing_but_the_leaf_is_provable(size: int, data: st.DataObject) -> None:
    tree = Tree(leaves(size))
    index = data.draw(st.integers(0, size - 1))
    proof, root = tree.inclusion(index), tree.root()
    leaf = leaves(size)[index]
    stranger = leaf_hash(b"not an entry")
    assert verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=stranger, index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf=leaf, index=index, size=size, proof=[*proof, stranger], root=root)
    assert not verify_inclusion(leaf=leaf, index=size, size=size, proof=proof, root=root)
    for at in range(len(proof)):
        assert not verify_inclusion(
            leaf=leaf, index=index, size=size, proof=[*proof[:at], stranger, *proof[at + 1 :]], root=root
        )
        assert not verify_inclusion(leaf=leaf, index=index, size=size, proof=[*proof[:at], *proof[at + 1 :]], root=root)


@given(st.integers(0, 300), st.integers(0, 300))
def test_every_prefix_is_consistent(first: int, second: int) -> None:
    old, new = sorted((first, second))
    tree = Tree(leaves(new))
    proof = tree.consistency(old)
    assert verify_consistency(old=old, new=new, old_root=tree.root(old), new_root=tree.root(), proof=proof)


@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_a_rewritten_past_is_never_consistent(first: int, second: int, data: st.DataObject) -> None:
    old, new = sorted((first, second))
    changed = data.draw(st.integers(0, old - 1))
    tree = Tree(leaves(new))
    rewritten = leaves(new)
    rewritten[changed] = leaf_hash(b"rewritten")
    fork = Tree(rewritten)
    for proof in (tree.consistency(old), fork.consistency(old)):
        assert not verify_consistency(old=old, new=new, old_root=tree.root(old), new_root=fork.root(), proof=proof)


@given(st.integers(1, 200), st.data())
def test_a_changed_consistency_proof_fails(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    tree = Tree(leaves(new))
    proof = tree.consistency(old)
    stranger = leaf_hash(b"x")
    claims = [[*proof, stranger], *([*proof[:at], stranger, *proof[at + 1 :]] for at in range(len(proof)))]
    claims += [[*proof[:at], *proof[at + 1 :]] for at in range(len(proof))]
    for claim in claims:
        assert not verify_consistency(old=old, new=new, old_root=tree.root(old), new_root=tree.root(), proof=claim)


def test_there_is_no_proof_outside_the_tree() -> None:
    tree = Tree(leaves(5))
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(5)
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(-1)
    with pytest.raises(ValueError, match="no tree"):
        tree.consistency(6)
