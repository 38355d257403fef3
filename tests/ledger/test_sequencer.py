"""Both logs grow by appending alone, and every checkpoint is consistent with all before it."""

import os
from datetime import timedelta

import pytest
from django.test import override_settings

from ledger import audit, keys, queries, sequencer, services, trees
from ledger.models import Checkpoint, Edge, Log, Pending, Placement, Tile
from proofs import checkpoint as checkpoints
from proofs import tlogproof
from proofs.checkpoint import quorum_of
from proofs.merkle import consistency_proof, leaf_hash, verify_consistency, verify_inclusion
from tests.cast import NOON
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def sizes(log: str) -> list[int]:
    return list(Checkpoint.objects.filter(log=log).order_by("size").values_list("size", flat=True))


def test_what_is_recorded_is_placed_in_order_and_can_be_proven():
    entries = [make.entry(str(n), stream=f"project/T-{n % 3}") for n in range(20)]

    make.sequenced()

    head = queries.latest_checkpoint(Log.PUBLIC)
    assert head is not None
    for index, entry in enumerate(entries):
        proof = queries.inclusion(entry)
        assert proof is not None
        assert (proof["index"], proof["size"]) == (index, 20)
        path = [bytes.fromhex(each) for each in proof["proof"]]
        assert verify_inclusion(leaf=leaf_hash(entry.leaf), index=index, size=20, proof=path, root=head.root)
    assert not Pending.objects.exists()


def test_an_entry_has_no_proof_before_it_is_covered():
    entry = make.entry()

    assert queries.inclusion(entry) is None
    assert queries.tlog_proof(entry) is None
    assert not queries.covered(entry, cosigned=False)
    assert queries.latest_checkpoint(Log.PUBLIC) is None


def test_a_proof_can_be_carried_away():
    entry = make.entry()
    make.sequenced()

    policy = quorum_of([], 0, logs=[keys.signer("log").verifier])
    proof = queries.tlog_proof(entry)

    assert proof is not None
    assert tlogproof.why_not(proof, bytes(entry.leaf), policy) == ""
    assert tlogproof.why_not(proof, b"another", policy) != ""


def test_nothing_new_makes_no_checkpoint():
    make.entry()
    make.sequenced()

    assert make.sequenced() == 0
    assert sizes(Log.PUBLIC) == [1]


def test_every_checkpoint_contains_those_before_it():
    for n in range(1, 40):
        for _ in range(n % 5):
            make.entry()
        make.sequenced()

    heads = list(Checkpoint.objects.filter(log=Log.PUBLIC).order_by("size"))
    nodes = trees.nodes(Log.PUBLIC, heads[-1].size)
    for old, new in zip(heads, heads[1:], strict=False):
        proof = consistency_proof(old.size, new.size, nodes)
        assert verify_consistency(
            old=old.size, new=new.size, old_root=bytes(old.root), new_root=bytes(new.root), proof=proof
        )
        assert checkpoints.opened(new.note, keys.signer("log").verifier).root == bytes(new.root)


def test_tiles_are_written_when_full_and_the_edge_is_all_that_is_left():
    for n in range(600):
        make.entry(str(n))
    sequencer.place_public(at=NOON)

    assert sorted(Tile.objects.values_list("level", "n")) == [(-1, 0), (-1, 1), (0, 0), (0, 1)]
    assert Edge.objects.filter(log=Log.PUBLIC).count() == 600 - 512
    assert list(audit.faults()) == []


def test_a_proof_against_an_older_checkpoint_is_read_from_the_full_tile():
    entries = [make.entry(str(n)) for n in range(200)]
    sequencer.place_public(at=NOON)
    old = queries.newest(Log.PUBLIC)
    for n in range(100):
        make.entry(str(n))
    sequencer.place_public(at=NOON)

    proof = queries.inclusion(entries[3], against=old)

    assert old is not None
    assert proof is not None
    path = [bytes.fromhex(each) for each in proof["proof"]]
    assert verify_inclusion(leaf=leaf_hash(entries[3].leaf), index=3, size=200, proof=path, root=old.root)


@override_settings(SEALED_BATCH=4)
def test_the_sealed_log_grows_by_the_same_batch_whatever_waits():
    for waiting in (0, 1, 7, 0):
        at = NOON + MINUTE * len(sizes(Log.SEALED))
        for _ in range(waiting):
            make.sealed_entry()
        make.sequenced(at=at)

    assert sizes(Log.SEALED) == [4, 8, 12, 16]
    assert Placement.objects.filter(log=Log.SEALED).count() == 8


def test_the_cadence_is_a_grid_that_closings_do_not_shift():
    make.sequenced(at=NOON)
    assert not sequencer.cadence_due(at=NOON + timedelta(seconds=59))

    services.want_sealed_batch("project/T-1", at=NOON)
    make.sequenced(at=NOON + timedelta(seconds=50))

    assert sequencer.cadence_due(at=NOON + timedelta(seconds=60))


@override_settings(SEALED_BATCH=4, CLOSING_BATCH=16)
@pytest.mark.parametrize("bids", [0, 3, 16])
def test_a_closing_looks_the_same_with_and_without_bids(bids):
    make.sequenced(at=NOON)
    own = [make.sealed_entry() for _ in range(bids)]
    others = [make.sealed_entry(stream="project/T-2") for _ in range(5)]

    services.want_sealed_batch("project/T-1", at=NOON)
    services.want_sealed_batch("project/T-1", at=NOON)
    make.sequenced(at=NOON + timedelta(seconds=1))

    head = queries.sealed_batch("project/T-1")
    assert head is not None
    assert head.size == 20
    assert queries.sealed_checkpoint_covering(own) == head
    assert all(proof is not None for proof in queries.inclusions(own, against=head))
    assert (queries.sealed_checkpoint_covering(others) is None) is (bids == 16)


@override_settings(SEALED_BATCH=4, CLOSING_BATCH=16)
def test_only_more_entries_than_a_closing_holds_make_it_larger():
    make.sequenced(at=NOON)
    own = [make.sealed_entry() for _ in range(17)]

    services.want_sealed_batch("project/T-1", at=NOON)
    make.sequenced(at=NOON)

    assert sizes(Log.SEALED) == [4, 36]
    assert queries.sealed_checkpoint_covering(own) is not None


def test_a_filler_looks_like_any_sealed_leaf():
    entry = make.sealed_entry()

    assert len(sequencer.filler()) == len(entry.leaf)
    assert sequencer.filler()[:6] == bytes(entry.leaf)[:6]


def test_places_in_a_batch_do_not_tell_who_came_first():
    with override_settings(SEALED_BATCH=64):
        entries = [make.sealed_entry() for _ in range(32)]
        make.sequenced()

    places = [queries.placement(entry) for entry in entries]

    assert places != sorted(places)  # 1 in 32! that chance alone makes them so
    assert len(set(places)) == 32


def test_receipts_are_signed_by_a_key_of_their_own():
    from ledger import receipts
    from proofs import note

    signed = receipts.sign("receipt/v1\n")

    assert note.opened(signed, keys.signer("receipts").verifier) == "receipt/v1\n"
    assert keys.signer("receipts").verifier.key != keys.signer("log").verifier.key


def test_private_keys_are_their_owners_alone(tmp_path):
    (tmp_path / f".log.key.{os.getpid()}").write_text("")  # as a process of this number left it in a power cut
    with override_settings(KEYS=tmp_path):
        keys.signer("log")
        assert [(tmp_path / f"log.{kind}").stat().st_mode & 0o777 for kind in ("key", "vkey")] == [0o600, 0o644]

        (tmp_path / "sealed.key").write_text((tmp_path / "log.key").read_text())
        (tmp_path / "sealed.key").chmod(0o644)
        with pytest.raises(keys.Unsafe, match="chmod 600"):
            keys.signer("sealed")
