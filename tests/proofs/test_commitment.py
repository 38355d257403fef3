"""Commitments bind to value, salt and label."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import canonical, commitment

SALT = bytes(range(32))


def test_the_blinded_entry_is_the_hash_of_the_specification() -> None:
    event = {"stream": "project/X", "kind": "k"}
    text = json.loads(commitment.blinded_entry(event, SALT))
    assert text == {"v": "ev/1", "c": canonical.sha256(b"ev1/blind\0" + SALT + canonical.dumps(event)).hex()}
    assert len(commitment.dummy_entry()) == len(commitment.blinded_entry(event, SALT))


def test_a_public_entry_says_its_kind_and_time() -> None:
    assert commitment.public_entry("draw.spec", ts="T", data={"b": 1, "a": "甲"}) == (
        '{"d":{"a":"甲","b":1},"t":"draw.spec","ts":"T","v":"ev/1"}'.encode()
    )


@given(st.dictionaries(st.text("甲乙丙ABC019", max_size=4), st.integers(0, 99)), st.binary())
def test_a_commitment_matches_its_value_salt_and_label_only(value: dict[str, int], salt: bytes) -> None:
    made = commitment.commit(commitment.REPORT, value, SALT)
    assert commitment.matches(made, commitment.REPORT, value, SALT)
    assert not commitment.matches(made, commitment.SHEET, value, SALT)
    assert not commitment.matches(made, commitment.REPORT, {**value, "_": 1}, SALT)
    assert commitment.matches(made, commitment.REPORT, value, salt) == (salt == SALT)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment.commit(commitment.REPORT, {}, b"short")
