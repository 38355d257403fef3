"""Ticks of the award desk."""

from datetime import datetime

from market.awards import queries, services
from market.projects.models import Project
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def deem_determined(*, by: Actor, at: datetime) -> None:
    """Where the buyer let its days pass without a word, the first in turn counts as determined.

    Law: 87号令 第68条.
    """
    for number in queries.deemed(at):
        with left_for_next_time(number):
            turn = queries.turn(Project.objects.get(number=number), at=at)
            if turn is not None:
                services.determine(number=number, org=turn.org, by=by, at=at)
