"""Ticks of changes."""

from datetime import datetime

from bidding.changes import queries, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def tell_takers(*, by: Actor, at: datetime) -> None:
    """Tell those who took the documents of every change that was announced since."""
    for change in queries.to_tell():
        with left_for_next_time(change.tender.project.number):
            services.tell(project_number=change.tender.project.number, change=change, by=by, at=at)
