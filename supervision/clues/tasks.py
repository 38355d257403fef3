"""The tick that looks at bids once their opening is over."""

from datetime import datetime

from rulebook.actor import Actor
from rulebook.rows import left_for_next_time
from supervision.clues import queries, services


def screen_openings(*, by: Actor, at: datetime) -> None:
    """Look at the bids of every opening that has ended; one that goes wrong holds up no other."""
    for opening_id in queries.due():
        with left_for_next_time(f"opening {opening_id}"):
            services.screen(opening_id=opening_id, by=by, at=at)
