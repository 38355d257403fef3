"""The tick of protected tips: every day that is over is closed."""

from datetime import datetime

from rulebook.actor import Actor
from rulebook.rows import left_for_next_time
from supervision.tips import queries, rules, services


def close_days(*, by: Actor, at: datetime) -> None:
    """Log every day that is over, whether anything came or nothing."""
    for day in queries.open_days(rules.day_of(at)):
        with left_for_next_time(f"day {day}"):
            services.close_day(day=day, by=by, at=at)
