"""Commitments bind to value, salt and label; a closing names each envelope and slot once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import canonical, commitment

SALT = bytes(range(32))
LIVE = [
    {"part": part, "eid": f"{n:032x}", "slot": n, "env_sha256": "aa" * 32, "sub_sha256": "bb" * 32}
    for part, n in (("sheet", 1), ("body", 2), ("sheet", 3))
]


def test_the_blinded_entry_is_the_hash_of_the_specification() -> None:
    event = {"stream": "project/X", "kind": "k"}
    text = json.loads(commitment.blinded_entry(event, SALT))
    assert text == {"v": "ev/1", "c": canonical.sha256(b"ev1/blind\0" + SALT + canonical.dumps(event)).hex()}
    assert len(commitment.dummy_entry()) == len(commitment.blinded_entry(event, SALT))


def test_a_public_entry_says_its_kind_and_time() -> None:
    assert commitment.public_entry("draw.spec", ts="T", data={"b": 1, "a": "甲"}) == (
        '{"d":{"a":"甲","b":1},"t":"draw.spec","ts":"T","v":"ev/1"}'.encode()
    )


@given(st.dictionaries(st.text(st.characters(categories=["Lu", "Nd"]), max_size=4), st.integers(0, 99)), st.binary())
def test_a_commitment_matches_its_value_salt_and_label_only(value: dict[str, int], salt: bytes) -> None:
    made = commitment.commit(commitment.REPORT, value, SALT)
    assert commitment.matches(made, commitment.REPORT, value, SALT)
    assert not commitment.matches(made, commitment.SHEET, value, SALT)
    assert not commitment.matches(made, commitment.REPORT, {**value, "_": 1}, SALT)
    assert commitment.matches(made, commitment.REPORT, value, salt) == (salt == SALT)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment.commit(commitment.REPORT, {}, b"short")


def test_the_closing_does_not_depend_on_the_order_bids_came_in() -> None:
    one = commitment.closing_manifest("T", LIVE)
    assert one == commitment.closing_manifest("T", LIVE[::-1])
    assert [item["part"] for item in one["live"]] == ["body", "sheet", "sheet"]
    assert commitment.closing(one, SALT) == canonical.sha256(b"sbe1/closing\0" + SALT + canonical.dumps(one)).hex()


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"eid": LIVE[0]["eid"]}, "eid occurs twice"), ({"slot": 1, "part": "sheet"}, "slot occurs twice"),
     ({"slot": 0}, "slot"), ({"eid": "AA" * 16}, "eid"), ({"extra": 1}, "keys")],
)  # fmt: skip
def test_a_manifest_with_a_doubled_or_odd_envelope_is_refused(changed: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        commitment.closing_manifest("T", [*LIVE[:2], {**LIVE[2], **changed}])


def test_an_unsorted_manifest_is_refused() -> None:
    assert "sorted" in commitment.why_not_closing({"v": "cls/1", "tender": "T", "live": LIVE})
