"""统一社会信用代码, GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.credit_code import ALPHABET, check_character, why_not_credit_code

CODES = st.text(ALPHABET, min_size=17, max_size=17).map(lambda head: head[:2] + "110000" + head[8:])


@pytest.mark.parametrize("code", ["91350100M000100Y43"])
def test_known_codes_are_well_formed(code):
    assert why_not_credit_code(code) == ()


@given(CODES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(head, place, character):
    code = head + check_character(head)
    wrong = code[:place] + character + code[place + 1 :]

    assert why_not_credit_code(code) == ()
    assert bool(why_not_credit_code(wrong)) is (wrong != code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "credit-code.malformed"),
        ("91350100M000100Y4", "credit-code.malformed"),
        ("91350100M000100Y4I", "credit-code.malformed"),
        ("91350100m000100Y43", "credit-code.malformed"),
        ("9135010AM000100Y43", "credit-code.bad-region"),
        ("91350100M000100Y44", "credit-code.bad-check"),
    ],
)
def test_each_fault_is_told_apart(code, reason):
    assert [each.code for each in why_not_credit_code(code)] == [reason]


def test_only_seventeen_characters_have_a_check_character():
    with pytest.raises(ValueError, match="17"):
        check_character("123")
