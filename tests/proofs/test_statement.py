"""Statements have one spelling, one signature and one answer."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs import canonical, ed25519, statement
from proofs.canonical import NotCanonical
from proofs.registry import Registry
from tests.proofs.sealed import BIDDER, TS, unit

EID, HASH, KEY = "ab" * 16, "cd" * 32, canonical.b64u(bytes(32))
FIELDS: dict[str, dict[str, Any]] = {
    "idk/1": {"key": KEY, "not_before": TS},
    "idr/1": {"revokes": 1},
    "slots/1": {"unit": unit(), "role": "c", "n": 64, "keys_sha256": HASH},
    "idx/1": {"unit": unit(), "eid": EID, "sheet": {}, "files": [{"name": "a.pdf", "size": 0, "sha256": HASH}]},
    "sub/1": {
        "unit": unit(),
        "eid": EID,
        "slot": 1,
        "cmh": HASH,
        "env_sha256": HASH,
        "size": 1,
        "seq": 1,
        "replaces": None,
    },
    "wd/1": {"unit": unit(), "eid": EID, "seq": 2},
    "present/1": {"unit": unit()},
    "rel/1": {"unit": unit(), "eid": EID, "role": "b", "closing": HASH, "b": KEY},
    "ack/1": {"unit": unit(), "record_sha256": HASH},
    "obj/1": {"unit": unit(), "text": "对唱标内容有异议"},
    "con/1": {"unit": unit("body"), "lead": "91152900MA0A000117", "agreement_sha256": HASH},
    "few/1": {"unit": unit(), "closing": HASH, "min": 3},
    "pool/1": {"pool_sha256": HASH},
}
SIGNED = {v: statement.sign(v, fields, by=BIDDER, ts=TS) for v, fields in FIELDS.items()}


@pytest.mark.parametrize("v", FIELDS)
def test_every_kind_is_signed_and_verified(v: str) -> None:
    said = statement.read(canonical.dumps(SIGNED[v]), v=v)

    assert statement.verify(said, BIDDER.key)
    assert not statement.verify({**said, "gen": 2}, BIDDER.key)


@pytest.mark.parametrize("v", FIELDS)
def test_no_kind_takes_a_key_more_or_less(v: str) -> None:
    for key in SIGNED[v]:
        with pytest.raises(NotCanonical):
            statement.check({name: value for name, value in SIGNED[v].items() if name != key}, v=v)
    with pytest.raises(NotCanonical):
        statement.check({**SIGNED[v], "more": 1}, v=v)


@pytest.mark.parametrize("v", FIELDS)
@pytest.mark.parametrize("value", [True, -1, 1.5, None, "ABCD" * 16, " ", ["x"], {"x": 1}], ids=repr)
def test_no_field_takes_a_value_of_another_kind(v: str, value: object) -> None:
    for key in FIELDS[v]:
        if (key, value) in (("replaces", None), ("text", " "), ("text", "ABCD" * 16), ("sheet", {"x": 1})):
            continue
        with pytest.raises(NotCanonical):
            statement.check({**SIGNED[v], key: value}, v=v)


def test_a_statement_of_one_kind_is_not_taken_for_another() -> None:
    with pytest.raises(NotCanonical):
        statement.check(SIGNED["wd/1"], v="sub/1")
    with pytest.raises(NotCanonical):
        statement.check({**SIGNED["wd/1"], "v": "new/1"})


def deep(levels: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(levels):
        value = {"x": value}
    return {"x": value}


@pytest.mark.parametrize("sheet", [{"note": "字" * 6_000}, {"note": "a\0"}, {"a\0": "x"}, deep(4), deep(200)])
def test_a_sheet_that_no_entry_and_no_database_could_keep_is_none(sheet: dict[str, Any]) -> None:
    """It is read out into a public entry: one bidder's sheet must not hold up an opening."""
    with pytest.raises(NotCanonical):
        statement.check({**SIGNED["idx/1"], "sheet": sheet})

    statement.check({**SIGNED["idx/1"], "sheet": deep(3) | {"note": "字" * 2_000}})


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", ".", "..", "", "e\u0301.pdf", "a\n", "长" * 90])
def test_a_file_name_cannot_lead_out_of_its_folder(name: str) -> None:
    files = [{"name": name, "size": 0, "sha256": HASH}]

    with pytest.raises(NotCanonical):
        statement.check({**SIGNED["idx/1"], "files": files})


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 511), st.binary(max_size=40))
def test_no_changed_bit_of_a_signature_verifies(bit: int, message: bytes) -> None:
    signature = bytearray(BIDDER.sign(message))
    assert ed25519.verify(BIDDER.key, bytes(signature), message)

    signature[bit // 8] ^= 1 << bit % 8

    assert not ed25519.verify(BIDDER.key, bytes(signature), message)


def test_the_second_spelling_of_a_signature_is_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = BIDDER.sign(b"message")
    doubled = int.from_bytes(signature[32:], "little") + order

    assert not ed25519.verify(BIDDER.key, signature[:32] + doubled.to_bytes(32, "little"), b"message")


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_small_order_and_doubly_spelled_points_are_refused(y: int, sign: int) -> None:
    point = (y | sign << 255).to_bytes(32, "little")

    assert not ed25519.verify(point, point + bytes(32), b"message")
    assert not ed25519.verify(BIDDER.key, point + BIDDER.sign(b"message")[32:], b"message")


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":1.0}', '{"a":-1}', '{"a":9007199254740992}', '"\\u0041"',
     '{"a":NaN}', "[" * 100_000, '"e\u0301"', '{"a":1}\n', "\ufeff{}", '"\\ud800"'],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_only_the_one_spelling_is_read(text: str) -> None:
    with pytest.raises(NotCanonical):
        canonical.parse(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("value", ["A", "AB=", "AB", "A+==", "AA==", "é", "AA\n", 7])
def test_base64url_has_one_spelling(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.b64u_bytes(value, "value")


@given(st.binary(max_size=70))
def test_bytes_come_back_from_their_spelling(data: bytes) -> None:
    assert canonical.b64u_bytes(canonical.b64u(data), "value") == data
    assert canonical.hex_bytes(data.hex(), len(data), "value") == data


def test_a_signature_met_before_vouches_for_no_other_statement() -> None:
    registry = Registry()
    registry.keys[BIDDER.org] = {1: BIDDER.key}
    said = SIGNED["wd/1"]
    assert registry.signed(said) and registry.signed(said)

    assert not registry.signed({**said, "seq": said["seq"] + 1})
    assert not registry.signed({**said, "sig": SIGNED["sub/1"]["sig"]})
    assert not registry.signed({**said, "org": "another"})
