"""Ticks of the award desk."""

from datetime import datetime

from market.awards import accepting, queries, services
from market.awards.models import Determination
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
            else:
                accepting.fail_where_nobody_is_left(number=number, by=by, at=at)


def abandon_silent(*, by: Actor, at: datetime) -> None:
    """A winner that is asked and says nothing in its days has abandoned.

    Law: 明标平台规则 第10条.
    """
    for number in queries.silent(at):
        with left_for_next_time(number):
            accepting.abandon_silent(number=number, by=by, at=at)


def announce_determined(*, by: Actor, at: datetime) -> None:
    """Send out the notices that waited for the names of a panel."""
    for number in Determination.objects.filter(closed_at=None).values_list("project__number", flat=True):
        with left_for_next_time(number):
            services.announce_determined(number=number, by=by, at=at)
