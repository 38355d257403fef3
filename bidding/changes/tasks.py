"""Ticks of changes."""

from datetime import datetime

from bidding.changes import queries, resting, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def tell_takers(*, by: Actor, at: datetime) -> None:
    """Tell those who took the documents of every change that was announced since."""
    for change in queries.to_tell():
        with left_for_next_time(change.tender.project.number):
            services.tell(project_number=change.tender.project.number, change=change, by=by, at=at)


def keep_deadlines(*, by: Actor, at: datetime) -> None:
    """Move the deadlines of purchases that rest or rested, before they come."""
    for number in resting.due():
        with left_for_next_time(number):
            resting.keep_deadline(project_number=number, by=by, at=at)
