"""Ticks: seats from settled draws, standbys for the silent."""

from datetime import datetime

from experts.panels import calls, services
from experts.panels.models import Panel
from experts.panels.rules import PanelState, SeatState
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def call_drawn(*, by: Actor, at: datetime) -> None:
    """Seat what was drawn and pass over those who did not answer in time."""
    for number in Panel.objects.filter(state=PanelState.DRAWING).values_list("project_number", flat=True):
        with left_for_next_time(number):
            services.seat_drawn(project_number=number, by=by, at=at)
    silent = Panel.objects.filter(seats__state=SeatState.INVITED, seats__answer_by__lte=at).distinct()
    for number in silent.values_list("project_number", flat=True):
        with left_for_next_time(number):
            services.pass_over_silent(project_number=number, by=by, at=at)


def carry_out_calls(*, by: Actor, at: datetime) -> None:
    """Send what is due on its way: text messages at once, telephone calls to those who have not answered."""
    for call in calls.due_now(at):
        with left_for_next_time(f"call {call}"):
            calls.carry_out(call=call, by=by, at=at)
