"""Tick: move on the draws whose window is over or whose witnesses have answered."""

from datetime import datetime

from draws import queries, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def advance_draws(*, by: Actor, at: datetime) -> None:
    """Write down how far every unfinished draw is."""
    for draw_id in queries.unfinished():
        with left_for_next_time(draw_id):
            services.advance(draw_id=draw_id, by=by, at=at)
