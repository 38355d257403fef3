"""One spelling: the fast encoder and the specification's own give the same bytes, and nothing else is let in."""

import enum
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from proofs import canonical
from proofs.canonical import NotCanonical

TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, canonical.LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=25,
)


@given(VALUES)
def test_it_spells_as_rfc_8785_does_and_reads_back(value: Any) -> None:
    data = canonical.dumps(value)
    assert data == rfc8785.dumps(value)
    assert canonical.parse(data) == value


@pytest.mark.parametrize("key", ["\ue000", "\U0001f600", "é", "z", '"', "\\", "\x7f", "\n"])
def test_names_are_ordered_by_their_utf_16_units(key: str) -> None:
    value = {key: 1, "\uffff": 2, "a": 3, "\U00010000": 4}
    assert canonical.dumps(value) == rfc8785.dumps(value)


def test_every_control_character_has_its_one_escape() -> None:
    value = "".join(map(chr, range(0x80)))
    assert canonical.dumps(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", ["\n\u0303", '"\u0338', "\\\u0301", {"\t\u0301": 1, "\U0001f600": 2}])
def test_a_combining_character_behind_an_escaped_one_is_text_like_any_other(value: Any) -> None:
    """Its escape ends in a letter that it would melt into, were the JSON text looked at as a whole and no further."""
    data = canonical.dumps(value)
    assert data == rfc8785.dumps(value) == canonical.spelled(value)
    assert canonical.parse(data) == value


class Word(enum.StrEnum):
    A = "a"


def test_a_word_of_a_list_is_spelt_as_its_text() -> None:
    assert canonical.dumps({"v": Word.A, Word.A: ("b", [True, None])}) == b'{"a":["b",[true,null]],"v":"a"}'


@pytest.mark.parametrize(
    "value",
    [1.0, -1, 2**53, "e\u0301", {"e\u0301": 1}, {1: 2}, "\ud800", ["\udc00"], b"x", {1, 2}, float("nan"), object()],
)
def test_what_has_no_canonical_spelling_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical.dumps(value)
    with pytest.raises(NotCanonical):
        canonical.dumps({"deep": [value]})


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b"1.0",
        b"01",
        b'"\\u0061"',
        b'"\xff"',
        b"",
        b"-1",
        b'"\\/"',
        b"1\n",
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.parse(data)


HASH = "ab" * 32


def test_a_list_of_hashes_is_read_whole_or_not_at_all() -> None:
    assert canonical.hashes([HASH, "cd" * 32], "x") == (b"\xab" * 32, b"\xcd" * 32)
    assert canonical.hashes([], "x") == ()
    for bad in ([HASH[:62], HASH + "cd"], [HASH.upper()], [" " + HASH[1:]], [HASH, 1], HASH, None, {HASH: 1}):
        with pytest.raises(NotCanonical):
            canonical.hashes(bad, "x")
