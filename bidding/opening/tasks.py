"""Ticks of the hall: turns that are over, envelopes that can be opened."""

from datetime import datetime, timedelta

from bidding.opening import rules, services, unsealing
from bidding.opening.models import Opening
from rulebook.actor import Actor
from rulebook.refusal import left_for_next_time


def advance_openings(*, by: Actor, at: datetime) -> None:
    """End bidders' turns whose time is over, and open what can be opened."""
    running = Opening.objects.filter(read_out_at=None, paused_at=None).select_related("tender__project")
    for opening in running:
        number = opening.tender.project.number
        drain = timedelta(seconds=opening.tender.drain)
        with left_for_next_time(number):
            if opening.bidders_done_at:
                unsealing.unseal(project_number=number, by=by, at=at)
            elif rules.turn_is_over(turn_ends=opening.turn_ends, drain=drain, paused=False, at=at):
                services.end_bidders_turn(project_number=number, by=by, at=at)
