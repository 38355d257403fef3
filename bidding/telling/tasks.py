"""The tick that tells."""

from datetime import datetime

from bidding.telling import services
from market.notices import queries as notices
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def tell_concerned(*, by: Actor, at: datetime) -> None:
    """Tell those concerned of every notice of theirs that waits to be told."""
    for telling in notices.to_tell():
        with left_for_next_time(telling.notice.project.number):
            services.tell(telling=telling, by=by, at=at)
