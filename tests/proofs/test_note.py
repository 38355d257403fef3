"""Notes, checkpoints, cosignatures, policies and carried proofs, against the known answers and against forgers."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from proofs import checkpoint, note, tlogproof
from proofs.merkle import Tree, leaf_hash, verify_consistency
from proofs.note import BadNote, Signer

VECTOR: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "tlog.json").read_text())
LOG = note.parse_vkey(VECTOR["log_vkey"])
WITNESS = note.parse_vkey(VECTOR["witness_vkey"])
ENTRIES = [entry.encode() for entry in VECTOR["entries"]]


def signer(name: str, kind: int = note.ED25519) -> Signer:
    return Signer(name, Ed25519PrivateKey.generate(), kind)


def test_the_known_checkpoints_are_those_of_the_known_entries() -> None:
    tree = Tree(leaf_hash(entry) for entry in ENTRIES)
    first = checkpoint.opened(VECTOR["checkpoint_200"], LOG)
    second = checkpoint.opened(VECTOR["checkpoint_300"], LOG)
    assert (first.origin, first.size, first.root) == (VECTOR["origin"], 200, tree.root(200))
    assert (second.size, second.root) == (300, tree.root())
    proof = [note.decode64(line) for line in VECTOR["consistency_200_300"]]
    assert tree.consistency(200) == proof
    assert verify_consistency(old=200, new=300, old_root=first.root, new_root=second.root, proof=proof)


def test_the_known_cosignature_counts_and_a_missing_one_does_not() -> None:
    policy = checkpoint.quorum_of([WITNESS], 1, logs=[LOG])
    assert policy.why_not(VECTOR["checkpoint_300"]) == ""
    assert policy.why_not(VECTOR["checkpoint_200"]) == "unwitnessed"
    [(witness, seconds)] = checkpoint.cosigners(VECTOR["checkpoint_300"], [WITNESS]).items()
    assert witness == WITNESS and seconds > 1_700_000_000


def test_the_known_proof_shows_its_entry_and_no_other() -> None:
    policy = checkpoint.quorum_of([WITNESS], 1, logs=[LOG])
    text = VECTOR["tlog_proof_137"]
    assert str(tlogproof.parse_proof(text)) == text
    assert tlogproof.why_not(text, ENTRIES[137], policy) == ""
    assert tlogproof.why_not(text, ENTRIES[138], policy) == "the entry is not in the log under this checkpoint"
    assert "entry" in tlogproof.why_not(text.replace("index 137", "index 136"), ENTRIES[137], policy)
    tree = Tree(leaf_hash(entry) for entry in ENTRIES)
    assert tlogproof.build(index=137, proof=tree.inclusion(137), checkpoint=VECTOR["checkpoint_300"]) == text


@pytest.mark.parametrize("at", range(0, 400, 7))
def test_a_flipped_bit_anywhere_in_a_carried_proof_is_noticed(at: int) -> None:
    policy = checkpoint.quorum_of([WITNESS], 1, logs=[LOG])
    data = bytearray(VECTOR["tlog_proof_137"].encode())
    data[at * (len(data) - 1) // 400] ^= 1
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    assert tlogproof.why_not(text, ENTRIES[137], policy) != ""


def test_a_note_is_read_as_it_was_written() -> None:
    key = signer("example.cn/log")
    text = note.sign("第一行\n第二行\n", [key])
    assert str(note.parse(text)) == text
    assert note.opened(text, key.verifier) == "第一行\n第二行\n"
    assert note.parse_vkey(key.verifier.vkey) == key.verifier


def test_unknown_lines_are_ignored_and_false_known_lines_are_not() -> None:
    key, stranger = signer("a"), signer("b")
    both = note.sign("text\n", [stranger, key])
    assert note.opened(both, key.verifier) == "text\n"
    exotic = both + note.Signature("c", b"\xff\0\0\0", bytes(2420)).line()
    assert note.opened(exotic, key.verifier) == "text\n"
    with pytest.raises(BadNote, match="not signed"):
        note.opened(note.sign("text\n", [stranger]), key.verifier)
    with pytest.raises(BadNote, match="does not verify"):
        note.opened(both.replace("text", "test"), key.verifier)
    same_name = Signer("a", Ed25519PrivateKey.generate())
    with pytest.raises(BadNote, match="not signed"):
        note.opened(note.sign("text\n", [same_name]), key.verifier)


@pytest.mark.parametrize(
    "text",
    ["", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n- a AAAAAAA=\n", "text\n\n— a AAAA\n",
     "text\n\n— a b AAAAAAAA\n",
     "te\txt\n\n— a AAAAAAAA\n", "text\n\n— a+b AAAAAAAA\n", "text\n\n— a AAAAAAAA", "text\n\n— a AAAAAAB=\n"],
)  # fmt: skip
def test_what_is_not_a_note_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.parse(text)


def test_keys_travel_in_one_line() -> None:
    private = note.generate("w.example.cn")
    plain = note.parse_private(private)
    witness = note.parse_private(private, kind=note.COSIGNATURE)
    assert plain.verifier.key == witness.verifier.key
    assert plain.verifier.key_id != witness.verifier.key_id
    for wrong in ("", "PRIVATE+KEY+w", private.replace("example", "exemple"), VECTOR["log_vkey"]):
        with pytest.raises(BadNote):
            note.parse_private(wrong)
    with pytest.raises(BadNote):
        note.parse_vkey(VECTOR["log_vkey"].replace("ae2940bf", "ae2940be"))


def cosigned(log: Signer, *witnesses: Signer, size: int = 1) -> str:
    point = checkpoint.Checkpoint(log.name, size, leaf_hash(b"x"))
    text = point.signed([log])
    lines = "".join(witness.sign(point.text(), seconds=1_760_000_000).line() for witness in witnesses)
    return text + lines


def test_a_quorum_is_counted_per_witness() -> None:
    log = signer("log")
    one, two, three = (signer(f"w{n}", note.COSIGNATURE) for n in (1, 2, 3))
    policy = checkpoint.quorum_of([w.verifier for w in (one, two, three)], 2, logs=[log.verifier])
    assert policy.why_not(cosigned(log, one, three)) == ""
    assert policy.why_not(cosigned(log, one)) == "unwitnessed"
    assert policy.why_not(cosigned(log, one, one, one)) == "unwitnessed"
    assert policy.why_not(cosigned(log, one, signer("w2", note.COSIGNATURE))) == "unwitnessed"
    assert policy.why_not(cosigned(signer("log"), one, two)) == "not signed by a known log"


def test_a_garbled_line_of_one_witness_takes_nothing_from_the_others() -> None:
    log, one, two = signer("log"), signer("w1", note.COSIGNATURE), signer("w2", note.COSIGNATURE)
    garbled = note.Signature("w1", one.verifier.key_id, bytes(72)).line()
    text = cosigned(log, two) + garbled
    assert checkpoint.quorum_of([one.verifier, two.verifier], 1, logs=[log.verifier]).why_not(text) == ""
    assert set(checkpoint.cosigners(text, [one.verifier, two.verifier])) == {two.verifier}


def test_a_cosignature_by_a_plain_key_or_for_another_time_does_not_count() -> None:
    log, witness = signer("log"), signer("w", note.COSIGNATURE)
    good = cosigned(log, witness)
    line = note.parse(good).signatures[-1]
    moved = note.Signature(line.name, line.key_id, (1_760_000_001).to_bytes(8, "big") + line.data[8:])
    text = str(note.Note(note.parse(good).text, (*note.parse(good).signatures[:-1], moved)))
    assert checkpoint.cosigners(good, [witness.verifier])
    assert not checkpoint.cosigners(text, [witness.verifier])


def test_only_lines_that_verify_are_added_and_none_twice() -> None:
    log, one, two = signer("log"), signer("w1", note.COSIGNATURE), signer("w2", note.COSIGNATURE)
    known = [one.verifier, two.verifier]
    bare = cosigned(log)
    lines = cosigned(log, one, two)[len(bare) :] + note.Signature("w1", b"\0\0\0\1", bytes(72)).line()
    grown = checkpoint.with_cosignatures(bare, lines, known)
    assert set(checkpoint.cosigners(grown, known)) == set(known)
    assert len(note.parse(grown).signatures) == 3
    assert checkpoint.with_cosignatures(grown, lines, known) == grown
    with pytest.raises(BadNote):
        checkpoint.with_cosignatures(bare, "not a line\n", known)


def test_a_policy_file_is_read_and_its_groups_count() -> None:
    log = signer("log")
    people = [signer(f"w{n}", note.COSIGNATURE) for n in range(4)]
    lines = [f"log {log.verifier.vkey} https://log.example.cn/", "# 见证"]
    lines += [f"witness W{n} {person.verifier.vkey}" for n, person in enumerate(people)]
    lines += ["group X 2 W0 W1 W2", "group Y\tall X W3", "quorum Y", ""]
    policy = checkpoint.parse_policy("\n".join(lines))
    assert policy.why_not(cosigned(log, people[0], people[2], people[3])) == ""
    assert policy.why_not(cosigned(log, people[0], people[1], people[2])) == "unwitnessed"
    assert policy.why_not(cosigned(log, people[0], people[3])) == "unwitnessed"
    for wrong in ("group Z 3 W3 Y", "witness W0 " + signer("n", note.COSIGNATURE).verifier.vkey, "quorum W3", "x",
                  "group Z any W0", f"log {log.verifier.vkey}", f"witness none {people[0].verifier.vkey}"):  # fmt: skip
        with pytest.raises(BadNote):
            checkpoint.parse_policy("\n".join([*lines[:-1], wrong]))
    with pytest.raises(BadNote):
        checkpoint.parse_policy("\n".join(lines[:3]))
    assert checkpoint.parse_policy("quorum none").is_witnessed(cosigned(log))


def test_a_checkpoint_has_one_spelling() -> None:
    good = checkpoint.Checkpoint("o", 7, leaf_hash(b"")).text()
    assert checkpoint.parse(good).size == 7
    for wrong in (
        good.replace("7", "07", 1),
        good.replace("7", "-7", 1),
        good + "extension\n",
        good[:-1],
        "o\n7\nAAAA\n",
    ):
        with pytest.raises(BadNote):
            checkpoint.parse(wrong)
