"""A reader of a log notices when it shrinks, forks, or shows entries its root does not cover."""

from pathlib import Path

import pytest

from proofs.follow import Follower, Misbehaved, entry_bytes
from proofs.note import BadNote
from proofs.tiles import encode_bundle
from tests.proofs.logged import MemoryLog


def test_it_finds_what_is_in_the_log_and_what_witnesses_saw(tmp_path: Path) -> None:
    log = MemoryLog(tmp_path)
    first = log.tell("project/1", "k", a=1)
    log.publish()
    second = log.tell("project/1", "k", a=2)
    follower = log.follower()
    follower.refresh()
    assert follower.witnesses_saw(entry_bytes(first))
    assert follower.index_of(entry_bytes(second)) is None
    log.publish(cosign=False)
    follower.refresh()
    assert follower.index_of(entry_bytes(second)) == 1
    assert not follower.witnesses_saw(entry_bytes(second))
    log.publish()
    follower.refresh()
    assert follower.witnesses_saw(entry_bytes(second))
    assert not follower.witnesses_saw(entry_bytes({**second, "data": {"a": 3}}))


def test_it_follows_over_many_bundles(tmp_path: Path) -> None:
    log = MemoryLog(tmp_path)
    follower = log.follower()
    for size in (1, 255, 256, 257, 600, 1025):
        while log.tree.size < size:
            log.append(b"%d" % log.tree.size)
        log.publish()
        assert follower.refresh().size == follower.size == size


def test_a_log_that_shrank_while_its_reader_was_away_is_caught(tmp_path: Path) -> None:
    log = MemoryLog(tmp_path / "w")
    log.append(b"one")
    early = log.publish()
    log.append(b"two")
    log.publish()
    memory = tmp_path / "log.json"
    log.follower(memory=memory).refresh()
    log.follower(memory=memory).refresh()
    log.served = early
    with pytest.raises(Misbehaved, match="had 2 entries, now it has 1"):
        log.follower(memory=memory).refresh()


def test_a_rewritten_entry_is_caught(tmp_path: Path) -> None:
    log = MemoryLog(tmp_path / "w")
    log.append(b"one")
    log.publish()
    memory = tmp_path / "log.json"
    log.follower(memory=memory).refresh()
    fork = MemoryLog(tmp_path / "v")
    fork.signer = log.signer
    for entry in (b"another", b"two"):
        fork.append(entry)
    fork.publish(cosign=False)
    with pytest.raises(Misbehaved, match="not those of last time"):
        Follower(fork.read, log.signer.verifier, log.policy, memory=memory).refresh()


def test_entries_that_do_not_make_the_root_are_caught(tmp_path: Path) -> None:
    log = MemoryLog(tmp_path)
    log.append(b"one")
    log.publish()

    def lying(path: str) -> bytes:
        return log.read(path) if path == "checkpoint" else encode_bundle([b"another"])

    with pytest.raises(Misbehaved, match="do not make the root"):
        Follower(lying, log.signer.verifier, log.policy).refresh()
    with pytest.raises(Misbehaved, match="holds 0 entries"):
        Follower(
            lambda path: log.read(path) if path == "checkpoint" else b"", log.signer.verifier, log.policy
        ).refresh()


def test_two_trees_of_one_size_are_caught(tmp_path: Path) -> None:
    log, fork = MemoryLog(tmp_path / "w"), MemoryLog(tmp_path / "v")
    fork.signer = log.signer
    for entry in (b"1", b"2", b"3"):
        log.append(entry)
    log.publish()
    follower = log.follower()
    follower.refresh()
    fork.append(b"x")
    fork.publish(cosign=False)
    log.served = fork.served
    with pytest.raises(Misbehaved, match="two trees"):
        follower.refresh()


def test_a_checkpoint_of_another_key_is_refused(tmp_path: Path) -> None:
    log, other = MemoryLog(tmp_path / "w"), MemoryLog(tmp_path / "v")
    with pytest.raises(BadNote):
        Follower(other.read, log.signer.verifier, log.policy).refresh()
