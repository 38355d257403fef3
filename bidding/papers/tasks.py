"""The tick that prints what has ended."""

from datetime import datetime

from bidding.papers import queries, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def print_records(*, by: Actor, at: datetime) -> None:
    """Print the record of every session that has ended."""
    for opening in queries.unprinted():
        with left_for_next_time(opening.tender.project.number):
            services.print_record(opening=opening, by=by, at=at)
