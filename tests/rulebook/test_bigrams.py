"""Words become tokens the same way on every engine."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from rulebook import bigrams


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(bigrams).failed == 0


@given(st.text(alphabet="供热管网改造，、 dn３0A", max_size=20), st.integers(0, 19), st.integers(1, 6))
def test_every_part_of_a_text_finds_it(text, start, length):
    """What one reads in a text, one finds it by: no word is missed."""
    part = bigrams.runs(text[start : start + length])
    held = bigrams.tokens(text)

    for run in part:
        if not ("\u4e00" <= run[0] <= "\u9fff"):
            continue
        for term in bigrams.terms(run):
            assert term.token in held if term.whole else any(token.startswith(term.token) for token in held)


def test_a_question_cannot_leave_its_quotes_nor_name_a_fact():
    for term in bigrams.terms("a\" OR b' & \ue000tAward * NEAR( 供热"):
        assert term.token.isalnum()
