"""Ticks of contracts under way."""

from datetime import datetime

from market.performance import ending
from market.performance.models import Termination
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def end_silent(*, by: Actor, at: datetime) -> None:
    """End the contracts whose notice of termination nobody answered in time.  Law: 民法典 第565条."""
    due = Termination.objects.filter(ended_at=None, replied_at=None, due_at__lte=at).order_by("due_at")
    for number in due.values_list("contract__project__number", flat=True):
        with left_for_next_time(number):
            ending.end_silent(number=number, by=by, at=at)
