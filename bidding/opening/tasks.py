"""Ticks of the hall: turns that are over, envelopes that can be opened."""

from datetime import datetime

from bidding.opening import causes, disclosing, queries, services, unsealing
from bidding.opening.models import Opening
from market.projects.rules import ENDS
from rulebook.actor import Actor
from rulebook.rows import if_any, left_for_next_time


def advance_openings(*, by: Actor, at: datetime) -> None:
    """End turns whose time is over, open what can be opened, and settle causes nobody settled."""
    running = Opening.objects.filter(read_out_at=None, paused_at=None).exclude(tender__project__stage__in=ENDS)
    running = running.select_related("tender__project")
    for opening in if_any(running):
        number = opening.tender.project.number
        with left_for_next_time(number):
            over = queries.turn_is_over(opening, at=at)
            if opening.bidders_done_at and not opening.causes_from:
                unsealing.unseal(project_number=number, by=by, at=at)
            elif over and opening.causes_from:
                causes.settle(project_number=number, by=by, at=at)
            elif over:
                services.end_bidders_turn(project_number=number, by=by, at=at)


def disclose_quotes(*, by: Actor, at: datetime) -> None:
    """Publish what happened behind closed doors, and what was quoted there, where the result is announced."""
    for number in disclosing.due():
        with left_for_next_time(number):
            disclosing.disclose(project_number=number, by=by, at=at)
