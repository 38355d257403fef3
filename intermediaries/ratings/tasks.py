"""Ticks of ratings."""

from datetime import datetime

from intermediaries.ratings import queries, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def close_due(*, by: Actor, at: datetime) -> None:
    """Show the ratings whose time is over."""
    for number in queries.waiting(at):
        with left_for_next_time(number):
            services.close(number=number, by=by, at=at)
