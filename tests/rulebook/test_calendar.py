"""Working days, with holidays and exchanged weekends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook import calendar

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),  # a Tuesday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 10, 1), False),  # 国庆节, a Thursday
        (date(2026, 9, 20), True),  # a Sunday worked for 国庆节
        (date(2026, 10, 10), True),  # a Saturday worked for it
        (date(2027, 2, 8), False),  # 春节初三, a Monday, statutory
        (date(2031, 10, 1), False),  # statutory, far beyond the table
        (date(2031, 10, 8), True),
        (date(2003, 5, 1), False),  # before the table
    ],
)
def test_a_working_day_is_what_the_year_says(day, works):
    assert calendar.is_working_day(day) is works


def test_a_year_is_settled_once_its_notice_is_in_the_table():
    assert calendar.is_settled(date(2026, 6, 1))
    assert not calendar.is_settled(date(2027, 6, 1))
    assert not calendar.is_settled(date(2040, 6, 1))
    assert "2026" in calendar.arrangement(2026).notice


def test_the_first_day_is_not_counted():
    assert calendar.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 27)
    assert calendar.add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)
    assert calendar.add_days(date(2026, 12, 30), 20) == date(2027, 1, 19)


def test_a_period_that_ends_on_a_holiday_ends_after_it():
    assert calendar.roll_to_working_day(date(2026, 10, 3)) == date(2026, 10, 8)
    assert calendar.roll_to_working_day(date(2026, 10, 8)) == date(2026, 10, 8)


@given(DAYS, st.integers(0, 30))
def test_as_many_working_days_lie_between_as_were_added(day, n):
    end = calendar.add_working_days(day, n)

    assert calendar.working_days_between(day, end) == n
    assert n == 0 or calendar.is_working_day(end)


@given(DAYS)
def test_nothing_lies_between_a_day_and_an_earlier_one(day):
    assert calendar.working_days_between(day, day - timedelta(days=3)) == 0


def test_days_are_counted_forward():
    with pytest.raises(ValueError, match="forward"):
        calendar.add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="forward"):
        calendar.add_days(date(2026, 1, 1), -1)


def test_an_instant_is_a_day_in_china_and_never_by_itself():
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)

    assert calendar.day_in_china(late) == date(2026, 11, 22)
    with pytest.raises(TypeError, match="not an instant"):
        calendar.add_days(late, 1)
    with pytest.raises(ValueError, match="time zone"):
        calendar.day_in_china(datetime(2026, 11, 21))  # noqa: DTZ001


def test_a_period_that_ends_at_midnight_is_written_as_the_end_of_its_last_day() -> None:
    midnight = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)

    assert calendar.limit_words(midnight) == "2026-11-24 24:00"
    assert calendar.limit_words(midnight + timedelta(minutes=90)) == "2026-11-25 01:30"
    assert calendar.limit_words(midnight + timedelta(seconds=30)) == "2026-11-25 00:00:30"
