"""Periods the law sets: how long, in which days, by which article. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rulebook.calendar import CHINA, add_days, add_working_days, day_in_china, roll_to_working_day
from rulebook.law import Article


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "日"
    WORKING_DAYS = "个工作日"
    SECONDS = "秒"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time with its article. The day it begins is not counted.

    Law: 民法典 第201条, 第203条.
    """

    amount: int
    unit: Unit
    law: Article

    @property
    def words(self) -> str:
        """As the law says it: 20日, 5个工作日."""
        return f"{self.amount}{self.unit.value}"

    def last_day(self, start: date) -> date:
        """The last day of the period that began on a day."""
        match self.unit:
            case Unit.WORKING_DAYS:
                return add_working_days(start, self.amount)
            case Unit.DAYS:
                return add_days(start, self.amount)
            case Unit.SECONDS:
                return start

    def met(self, start: datetime, end: datetime) -> bool:
        """A stretch of time is not shorter than this: its end falls on the last day or later."""
        if self.unit is Unit.SECONDS:
            return end >= start + timedelta(seconds=self.amount)
        return day_in_china(end) >= self.last_day(day_in_china(start))

    def covers(self, start: datetime, end: datetime) -> bool:
        """A stretch of time is not longer than this: its end falls on the last day or sooner."""
        if self.unit is Unit.SECONDS:
            return end <= start + timedelta(seconds=self.amount)
        return day_in_china(end) <= self.last_day(day_in_china(start))

    def due(self, start: datetime) -> datetime:
        """The instant the period is over: midnight in China after its last day, which is a working day."""
        if self.unit is Unit.SECONDS:
            return start + timedelta(seconds=self.amount)
        day = roll_to_working_day(self.last_day(day_in_china(start)))
        return datetime.combine(add_days(day, 1), time(), CHINA)

    def earliest_words(self, start: datetime) -> str:
        """The first day (or second) an end may fall on, for people."""
        if self.unit is Unit.SECONDS:
            return f"{(start + timedelta(seconds=self.amount)).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        return self.last_day(day_in_china(start)).isoformat()
