"""Ticks of auctions: they write down what is already so."""

from datetime import datetime

from bidding.auction import queries, resting, rules, services
from market.projects.models import Project
from market.selection import queries as selection
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def call_auctions(*, by: Actor, at: datetime) -> None:
    """Publish the rules and aliases of the auctions whose enrolment is closed."""
    for number in queries.uncalled():
        with left_for_next_time(number):
            entrants = selection.entrants(Project.objects.get(number=number))
            services.call(project_number=number, entrants=entrants, by=by, at=at)


def end_auctions(*, by: Actor, at: datetime) -> None:
    """Note the ends of auctions whose time is over, and that an explanation did not come; what rests does not end."""
    if not queries.is_one_unsettled():
        return
    for number in queries.to_rest(at):
        with left_for_next_time(number):
            resting.rest(project_number=number, by=by, at=at)
    for number in queries.to_go_on():
        with left_for_next_time(number):
            resting.go_on(project_number=number, by=by, at=at)
    for number in queries.due(at):
        with left_for_next_time(number):
            services.end(project_number=number, by=by, at=at)
    for number in queries.unexplained(at):
        with left_for_next_time(number):
            services.judge(project_number=number, accepted=False, reason=rules.UNEXPLAINED, by=by, at=at)
