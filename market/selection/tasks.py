"""Ticks of a choice: they write down what is already so."""

from datetime import datetime, timedelta

from market.projects.models import Project
from market.selection import queries, services
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def close_enrolment(*, by: Actor, at: datetime) -> None:
    """Fix the lists whose deadline and drain are past, and announce those whose checkpoint stands."""
    for number, closes_at, drain in queries.to_close(at):
        if at >= closes_at + timedelta(seconds=drain):
            with left_for_next_time(number):
                services.fix_list(number=number, by=by, at=at)
    for number in queries.to_announce():
        with left_for_next_time(number):
            if queries.sealed_checkpoint(Project.objects.get(number=number)) is not None:
                services.announce_closing(number=number, by=by, at=at)


def choose(*, by: Actor, at: datetime) -> None:
    """Begin the choices by lot whose day has come, and write down what came of the draws."""
    for number in queries.to_choose(at):
        with left_for_next_time(number):
            services.choose(number=number, by=by, at=at)
    for number in queries.to_settle():
        with left_for_next_time(number):
            services.settle(number=number, by=by, at=at)
