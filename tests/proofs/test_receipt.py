"""A receipt has one spelling, and says what the statement said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import note, organisation, receipt, statement
from proofs.note import BadNote

UNIT = {"tender": "T-2026-001", "lot": "1", "part": "sheet"}
ORG = organisation.Organisation("91330100MA27XYZ123", 1, bytes(range(32)))
KEY = note.parse_private(note.generate("market.example.cn/receipts"))
TS = "2026-11-21T22:58:03.000000Z"
SUB = {
    "unit": UNIT,
    "eid": "11" * 16,
    "slot": 7,
    "cmh": "22" * 32,
    "env_sha256": "33" * 32,
    "size": 3002345,
    "seq": 2,
    "replaces": "44" * 32,
}


def test_the_text_is_the_one_of_the_specification() -> None:
    said = statement.sign("sub/1", SUB, by=ORG, ts=TS)
    made = receipt.for_statement(said, received=TS, leaf=bytes(32))
    assert made.text() == (
        "receipt/v1\n"
        'unit {"lot":"1","part":"sheet","tender":"T-2026-001"}\n'
        "bidder 91330100MA27XYZ123 gen 1\n"
        f"bid {'11' * 16} seq 2 slot 7 replaces sha256:{'44' * 32}\n"
        f"envelope sha256:{'33' * 32} size 3002345\n"
        f"sub sha256:{statement.digest(said)}\n"
        "received 2026-11-21T22:58:03.000000Z\n"
        f"leaf sha256:{'00' * 32}\n"
    )
    first = statement.sign("sub/1", {**SUB, "replaces": None}, by=ORG, ts=TS)
    assert " replaces sha256:-\n" in receipt.for_statement(first, received=TS, leaf=bytes(32)).text()


def test_a_signed_receipt_opens_to_the_same_and_to_nobody_elses_key() -> None:
    for v, fields in (("sub/1", SUB), ("wd/1", {"unit": UNIT, "eid": "11" * 16, "seq": 3})):
        made = receipt.for_statement(statement.sign(v, fields, by=ORG, ts=TS), received=TS, leaf=bytes(32))
        assert receipt.opened(made.signed(KEY), KEY.verifier) == made
        with pytest.raises(BadNote):
            receipt.opened(made.signed(KEY), note.parse_private(note.generate("market.example.cn/receipts")).verifier)


@given(st.integers(0, 500), st.characters(min_codepoint=0x20, max_codepoint=0x7E))
def test_another_letter_is_another_receipt_or_none(at: int, letter: str) -> None:
    text = receipt.for_statement(statement.sign("sub/1", SUB, by=ORG, ts=TS), received=TS, leaf=bytes(32)).text()
    at %= len(text)
    changed = text[:at] + letter + text[at + 1 :]
    try:
        assert (receipt.parse(changed).text() == text) == (changed == text)
    except BadNote:
        assert changed != text


def test_only_bids_and_withdrawals_are_receipted() -> None:
    with pytest.raises(ValueError, match="no receipt"):
        receipt.for_statement(statement.sign("present/1", {"unit": UNIT}, by=ORG, ts=TS), received=TS, leaf=bytes(32))
