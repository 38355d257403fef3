"""A calendar file from times: RFC 5545, every instant in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

HOUR = timedelta(hours=1)
ORIGIN = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Time:
    """One line of a calendar.

    uid: the same for the same thing, whatever its time.  sequence: larger after each change.  changed_at: of the last.
    state: CONFIRMED, TENTATIVE while it rests, CANCELLED.
    """

    uid: str
    title: str
    at: datetime
    url: str
    changed_at: datetime
    sequence: int = 0
    state: str = "CONFIRMED"


def moved(at: datetime) -> int:
    """A sequence for a limit without another history: limits are only ever moved later, so its minutes count up."""
    return max(int((at - ORIGIN).total_seconds() // 60), 0)


def written(times: Iterable[Time], *, name: str) -> bytes:
    """The file. Each is an instant, not a span: a limit lasts no hour; reminders come a day and an hour before."""
    from icalendar import Alarm, Calendar, Event  # ninety modules: for who asks for a calendar, not for every start

    calendar = Calendar()
    calendar.add("prodid", "-//mingbiao//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for time in times:
        event = Event()
        event.add("uid", f"{time.uid}@{settings.LOG_ORIGIN}")
        event.add("summary", time.title)
        event.add("dtstart", time.at)
        event.add("dtstamp", time.changed_at)
        event.add("last-modified", time.changed_at)
        event.add("sequence", time.sequence)
        event.add("status", time.state)
        event.add("transp", "TRANSPARENT")
        event.add("url", f"{settings.SITE}{time.url}")
        for before in (24 * HOUR, HOUR):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", time.title)
            alarm.add("trigger", -before)
            event.add_component(alarm)
        calendar.add_component(event)
    return calendar.to_ical()
