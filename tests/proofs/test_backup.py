"""What a backup is made of: sealed to one key, bound to its place, signed by one house."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import backup, note
from proofs.backup import Damaged
from proofs.organisation import Organisation

OPERATOR, OTHER = Organisation("A", 1, bytes(32)), Organisation("A", 1, bytes([1] * 32))


def sealed(data: bytes, what: str = "blobs/x") -> bytes:
    target = io.BytesIO()
    backup.seal(target, [data[:7], data[7:]], to=backup.recipient(OPERATOR), what=what)
    return target.getvalue()


def opened(data: bytes, by: Organisation = OPERATOR, what: str = "blobs/x") -> bytes:
    return b"".join(backup.unsealed(io.BytesIO(data), backup.reading_key(by), what=what))


@given(st.binary(max_size=300), st.data())
def test_what_was_sealed_comes_back_and_nothing_altered_does(data, draw):
    whole = sealed(data)
    assert opened(whole) == data

    at = draw.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole[:at], whole + b"\0"):
        with pytest.raises(Damaged):
            opened(wrong)


def test_it_opens_for_one_reader_in_one_place():
    whole = sealed(b"a bid")
    for by, what in ((OTHER, "blobs/x"), (OPERATOR, "blobs/y"), (OPERATOR, "database")):
        with pytest.raises(Damaged):
            opened(whole, by, what)


def test_a_note_is_one_house_s_and_says_exactly_what_it_says():
    key = note.parse_private(note.generate("a.example/backup"))
    stranger = note.parse_private(note.generate("a.example/backup"))
    said = backup.Snapshot("a.example", "2026-11-23T00:00:00Z", "sqlite 3", "x", {"public": ""},
                           {"database": "a", "names": "b", "objects": "c"})  # fmt: skip
    text = said.signed(key)

    assert backup.opened(text, key.verifier) == said == backup.opened(text, None)
    for wrong in (said.signed(stranger), text.replace("sqlite", "SQLite"), text.replace("a.example\n", "b.example\n")):
        with pytest.raises(Damaged):
            backup.opened(wrong, key.verifier)


def test_a_folder_without_a_finished_snapshot_is_no_backup(tmp_path):
    (tmp_path / "snapshots" / ".20261123T000000000000Z").mkdir(parents=True)

    with pytest.raises(Damaged, match="no backup"):
        backup.read(tmp_path, key=None)
