"""The tick of open data."""

from datetime import datetime

from portal.ocds import bulk
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

AT_ONCE = 31  # days of one run: other ticks wait


def write_days(*, by: Actor, at: datetime) -> None:
    """Write the files of the days that are over."""
    for day in bulk.owed(at)[:AT_ONCE]:
        with left_for_next_time(day.isoformat()):
            if not bulk.write(day):
                return
