"""Ticks: reminders before a certificate ends."""

from datetime import datetime

from experts.certificates import services
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.rows import left_for_next_time


def remind_of_ends(*, by: Actor, at: datetime) -> None:
    """Remind everybody whose certificate ends within the month, once."""
    for certificate in services.ending(on=day_in_china(at)):
        with left_for_next_time(f"certificate {certificate}"):
            services.remind(certificate=certificate, by=by, at=at)
