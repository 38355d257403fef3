"""Periods: how days are counted."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.projects.periods import Period, Unit
from rulebook.calendar import CHINA, day_in_china
from rulebook.law import Article

LAW = Article("民法典", "第201条")
TWENTY = Period(20, Unit.DAYS, LAW)
FIVE = Period(5, Unit.WORKING_DAYS, LAW)


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA) + timedelta(hours=hour)


def test_the_first_day_is_not_counted():
    assert TWENTY.met(at("2026-03-01"), at("2026-03-21", 0))
    assert not TWENTY.met(at("2026-03-01", 0), at("2026-03-20", 23))


def test_working_days_skip_a_festival_and_count_an_exchanged_saturday():
    """国庆 2026: off from 1 to 7 October; Sunday 20 September and Saturday 10 October are worked."""
    assert FIVE.last_day(date(2026, 9, 30)) == date(2026, 10, 13)


def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day():
    thirty = Period(30, Unit.DAYS, LAW)

    assert thirty.due(at("2026-09-02")) == at("2026-10-09", 0)


def test_seconds_are_counted_to_the_second():
    ten = Period(10, Unit.SECONDS, LAW)
    start = at("2026-03-01")

    assert ten.met(start, start + timedelta(seconds=10))
    assert not ten.met(start, start + timedelta(seconds=9, microseconds=999_999))
    assert ten.due(start) == start + timedelta(seconds=10)


@pytest.mark.parametrize("unit", list(Unit))
@given(amount=st.integers(1, 40), hours=st.integers(0, 24 * 400))
def test_what_is_due_has_met_its_period_and_lies_after_the_start(unit, amount, hours):
    period = Period(amount, unit, LAW)
    start = at("2026-01-01", 0) + timedelta(hours=hours)

    assert period.due(start) > start
    assert period.met(start, period.due(start))
    assert period.last_day(day_in_china(start)) >= day_in_china(start)
