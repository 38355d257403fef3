"""The figures mean what their definitions say."""

from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from market.history.rules import rate_of, savings

MONEY = st.decimals(min_value=1, max_value=10**9, places=2)


def row(control, award, outcome="done"):
    return SimpleNamespace(
        outcome=outcome,
        control=None if control is None else Decimal(control),
        award=None if award is None else Decimal(award),
    )


def test_the_worked_number_of_the_source_is_a_ratio_of_sums():
    """Worked number 1: 4,707 and 4,571 万元 give 136 万元 and 2.89 %."""
    assert rate_of(Decimal(1360000), Decimal(47070000)) == Decimal("2.89")


def test_a_mean_of_ratios_would_be_another_number():
    figures = savings([row(100, 50), row(900, 890)])

    assert figures.rate == Decimal("6.00")  # the mean of 50 % and 1.11 % would be 25.56


def test_a_half_is_rounded_up():
    assert rate_of(Decimal("0.12345"), Decimal(1)) == Decimal("12.35")


def test_what_failed_is_no_transaction_and_what_has_no_control_price_is_counted_but_not_compared():
    figures = savings([row(100, 90), row(None, 80), row(100, None), row(100, 50, "failed"), row(100, 50, "cancelled")])

    assert (figures.count, figures.compared, figures.excluded) == (3, 1, 2)
    assert (figures.control, figures.award, figures.saved) == (100, 90, 10)


def test_nothing_has_no_rate():
    figures = savings([])

    assert (figures.count, figures.saved, figures.rate) == (0, 0, None)


@given(st.lists(st.tuples(MONEY, MONEY), max_size=12))
def test_the_order_plays_no_part_and_the_sums_are_exact(pairs):
    rows = [row(max(pair), min(pair)) for pair in pairs]

    figures = savings(rows)

    assert figures == savings(rows[::-1])
    assert figures.saved == sum((each.control - each.award for each in rows), Decimal(0)) >= 0
