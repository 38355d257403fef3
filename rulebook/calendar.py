"""Calendar days and working days of China, with the exchanged weekends (调休).

The arrangement of each year is data: the table of the `chinese_calendar` package up to its last year, and the rows
below for later years, each with its notice. A year without a published arrangement is counted with weekends and the
statutory holidays alone; `is_settled` says which it is, so that a timetable can be looked at again.

Law: 全国年节及纪念日放假办法(2024修订) 第2条.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays

CHINA = ZoneInfo("Asia/Shanghai")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One year's holidays and exchanged working weekends as a notice of the State Council office gives them."""

    notice: str  # number of the notice; empty while only the statutory days are known
    off: frozenset[date]
    on: frozenset[date] = frozenset()


def _days(year: int, *month_days: tuple[int, int]) -> frozenset[date]:
    return frozenset(date(year, month, day) for month, day in month_days)


# Statutory days only: 元旦, 除夕至初三, 清明, 劳动节二日, 端午, 中秋, 国庆三日. To be replaced by the year's notice.
BY_HAND: Mapping[int, Arrangement] = {
    2027: Arrangement("", _days(2027, (1, 1), (2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (5, 1), (5, 2), (6, 9),
                                (9, 15), (10, 1), (10, 2), (10, 3))),
    2028: Arrangement("", _days(2028, (1, 1), (1, 25), (1, 26), (1, 27), (1, 28), (4, 4), (5, 1), (5, 2), (5, 28),
                                (10, 1), (10, 2), (10, 3))),
}  # fmt: skip
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year


@cache
def arrangement(year: int) -> Arrangement:
    """The days off and the working weekends of a year, the best that is known."""
    if year in BY_HAND:
        return BY_HAND[year]
    if FIRST_YEAR <= year <= LAST_YEAR:
        return Arrangement(
            f"国务院办公厅关于{year}年部分节假日安排的通知",
            frozenset(day for day in holidays if day.year == year),
            frozenset(day for day in workdays if day.year == year),
        )
    return Arrangement("", _days(year, *FIXED))


def is_settled(day: date) -> bool:
    """The arrangement of that day's year has been published and is in the table."""
    return bool(arrangement(day.year).notice)


def is_working_day(day: date) -> bool:
    """A day on which offices work: a weekday that is no holiday, or an exchanged weekend day."""
    known = arrangement(_plain(day).year)
    return day in known.on or (day.weekday() < SATURDAY and day not in known.off)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, which itself is not counted. n ≥ 0; 0 gives `day` back.

    Law: 民法典 第201条 (the day of the event is not counted).
    """
    if n < 0:
        raise ValueError("working days are counted forward")
    day = _plain(day)
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def add_days(day: date, n: int) -> date:
    """The n-th calendar day after `day`, which itself is not counted. n ≥ 0."""
    if n < 0:
        raise ValueError("days are counted forward")
    return _plain(day) + timedelta(days=n)


def roll_to_working_day(day: date) -> date:
    """The day itself, or the first working day after it: a period that ends on a holiday ends on the day after.

    Law: 民法典 第203条.
    """
    day = _plain(day)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; 0 when end is not later."""
    span = (_plain(end) - _plain(start)).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


def day_in_china(instant: datetime) -> date:
    """The calendar day an aware instant falls on in China."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(CHINA).date()


def _plain(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("a day, not an instant: say in which zone with day_in_china()")
    return day


def limit_words(instant: datetime) -> str:
    """The end of a period as people read it, Beijing time, to the minute or, where it has seconds, to the second.

    Law: 《民法典》第203条 (a period ends at 24:00 of its last day): midnight is written as that day's end.
    """
    there = instant.astimezone(CHINA)
    if there.time() == time():
        return f"{there - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{there:%Y-%m-%d %H:%M:%S}" if there.second else f"{there:%Y-%m-%d %H:%M}"
