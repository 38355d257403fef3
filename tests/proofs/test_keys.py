"""A seed survives its key file, its recovery sheet and its sharing, and nothing else does."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs import canonical, closing, keyfile, organisation, sharing
from proofs.canonical import NotCanonical
from proofs.index import padded_length
from tests.proofs.sealed import BIDDER


@functools.lru_cache
def sealed() -> str:
    """A key file; made when first asked for: slow by design."""
    return keyfile.seal(BIDDER, "ｐａｓｓ 口令")


def test_a_key_file_opens_with_its_passphrase_however_it_was_typed() -> None:
    assert keyfile.unseal(sealed(), "pass 口令") == BIDDER


def test_a_key_file_opens_with_no_other_passphrase() -> None:
    with pytest.raises(keyfile.WrongPassphrase):
        keyfile.unseal(sealed(), "pass")


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_no_changed_letter_of_a_key_file_opens(at: int) -> None:
    at %= len(sealed())
    letter = "A" if sealed()[at] != "A" else "B"

    with pytest.raises((NotCanonical, keyfile.WrongPassphrase)):
        keyfile.unseal(sealed()[:at] + letter + sealed()[at + 1 :], "pass 口令")


@pytest.mark.parametrize("edit", [{"p2c": 599_999}, {"p2c": 10_000_001}, {"alg": "dir"}, {"kid": "1"}, {"p2s": "AA"}])
def test_a_weaker_or_stranger_header_is_refused(edit: dict[str, object]) -> None:
    header, rest = sealed().split(".", 1)
    named = {**canonical.parse_object(canonical.b64u_bytes(header, "header")), **edit}

    with pytest.raises(NotCanonical):
        keyfile.unseal(canonical.b64u(canonical.dumps(named)) + "." + rest, "pass 口令")


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_sheet_gives_the_seed_back(seed: bytes) -> None:
    sheet = organisation.recovery_sheet(seed)

    assert len(sheet) == 56
    assert organisation.seed_from_sheet(f" {sheet[:20].lower()}-{sheet[20:]}\n") == seed


@given(st.integers(0, 55), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_misread_letter_of_a_recovery_sheet_is_noticed(at: int, letter: str) -> None:
    sheet = organisation.recovery_sheet(BIDDER.seed)
    misread = sheet[:at] + letter + sheet[at + 1 :]

    if misread != sheet:
        with pytest.raises(NotCanonical):
            organisation.seed_from_sheet(misread)


def test_an_organisation_never_prints_its_seed() -> None:
    assert BIDDER.seed.hex() not in repr(BIDDER) and repr(BIDDER.seed) not in repr(BIDDER)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=6), st.data())
def test_any_k_shares_recover_the_whole_polynomial(polynomial: list[bytes], data: st.DataObject) -> None:
    n = data.draw(st.integers(len(polynomial), 20))
    chosen = data.draw(st.permutations(range(1, n + 1)))[: len(polynomial)]
    shares = sharing.shares(polynomial, n)

    assert sharing.recover({i: shares[i - 1] for i in chosen}) == polynomial


def test_products_are_those_of_the_field() -> None:
    assert sharing.multiply(0x57, 0x83) == 0xC1  # FIPS 197 §4.2
    assert sharing.multiply(0x57, 0x13) == 0xFE


@given(st.integers(1, 2**40))
def test_padding_hides_most_of_the_length_and_costs_little(length: int) -> None:
    read_out, other = padded_length(length, "sheet"), padded_length(length, "body")

    assert read_out % 65_536 == 0 and 0 <= read_out - length < 65_536
    assert other >= max(length, 65_536) and other <= max(length, 65_536) * 1.12
    assert padded_length(other, "body") == other


def row(part: str, eid: int, slot: int) -> dict[str, object]:
    return {"part": part, "eid": f"{eid:032x}", "slot": slot, "env_sha256": "0" * 64, "sub_sha256": "1" * 64}


def test_a_closing_lists_each_envelope_and_slot_once_whatever_the_order() -> None:
    rows = [row("sheet", 2, 1), row("body", 3, 1), row("sheet", 1, 2)]

    data = closing.build("T-1", rows)

    assert data == closing.build("T-1", rows[::-1])
    assert [live["part"] for live in closing.parse(data)["live"]] == ["body", "sheet", "sheet"]
    for doubled in (row("sheet", 2, 3), row("sheet", 9, 1)):
        with pytest.raises(NotCanonical):
            closing.build("T-1", [*rows, doubled])


def test_the_same_list_under_another_nonce_is_another_closing() -> None:
    data = closing.build("T-1", [])

    assert closing.commitment(bytes(32), data) != closing.commitment(b"\1" * 32, data)
    with pytest.raises(NotCanonical):
        closing.commitment(b"", data)
