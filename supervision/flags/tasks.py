"""The tick that reads what was published since the last one."""

from datetime import datetime

from rulebook.actor import Actor
from rulebook.rows import left_for_next_time
from supervision.flags import queries, services


def note_results(*, by: Actor, at: datetime) -> None:
    """Note the facts of new results; a tick costs what is new, however many there are."""
    for award in queries.unread():
        with left_for_next_time(f"award {award.pk}"):
            services.note_result(award=award, by=by, at=at)
