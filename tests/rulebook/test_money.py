"""Yuan are exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.money import capitals, wan, yuan


@given(st.decimals(-(10**14), 10**14, places=2))
def test_an_amount_in_fen_stays_as_it_is(amount):
    assert yuan(amount) == amount
    assert yuan(str(yuan(amount))) == amount
    assert str(yuan(amount))[-3] == "."


def test_half_a_fen_goes_up():
    assert yuan("1.005") == Decimal("1.01")
    assert yuan("-1.005") == Decimal("-1.01")
    assert str(yuan("-0.001")) == "0.00"
    assert yuan(3) == Decimal("3.00")


@pytest.mark.parametrize(
    "value", ["", "-", "1.", ".5", "1e3", "1,000.00", " 1", "１", "NaN", "1.2.3", "10000000000000000", True, 1.5, None,
              Decimal("NaN"), Decimal("Infinity")]
)  # fmt: skip
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match="not an amount"):
        yuan(value)


def test_large_sums_are_told_in_ten_thousands():
    assert wan(Decimal("45710000.00")) == Decimal("4571.00")
    assert wan(Decimal("50.00")) == Decimal("0.01")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"), ("0.05", "伍分"), ("10.05", "壹拾元零伍分"), ("1001.50", "壹仟零壹元伍角整"),
        ("1100000.00", "壹佰壹拾万元整"), ("100500.00", "壹拾万零伍佰元整"), ("100000010.00", "壹亿零壹拾元整"),
        ("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        ("10000000010000.00", "壹拾万亿零壹万元整"),
    ],
)  # fmt: skip
def test_an_amount_is_written_in_capitals_with_a_zero_where_digits_are_missing(amount, words):
    assert capitals(Decimal(amount)) == words


def test_less_than_nothing_has_no_capitals():
    with pytest.raises(ValueError, match="not an amount"):
        capitals(Decimal("-1.00"))
