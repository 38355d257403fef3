"""Ticks: prices that are open are ranked; reports whose equal ranks are drawn go to the buyer."""

from datetime import datetime

from bidding.evaluation import early, handing_in, negotiating, prices, raising
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import PanelMatter
from bidding.evaluation.rules import Step
from bidding.opening.models import Opening
from experts.panels import queries as panels
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def call_fixed(*, by: Actor, at: datetime) -> None:
    """Look at every panel that was drawn before the opening and not called yet."""
    for number in panels.waiting_for_opening():
        with left_for_next_time(number):
            early.call_fixed(project_number=number, by=by, at=at)


def rank_prices(*, by: Actor, at: datetime) -> None:
    """Look at every evaluation that waits for its prices."""
    ended = Opening.objects.filter(session__gt=1, ended_at__isnull=False)
    closed = Evaluation.objects.filter(step=Step.PRICE, project__tender__rounds__entry__isnull=False)
    for number in set(closed.values_list("project__number", flat=True)):
        with left_for_next_time(number):
            negotiating.end_if_short(project_number=number, by=by, at=at)
    waiting = Evaluation.objects.filter(step=Step.PRICE, project__tender__openings__in=ended)
    for number in set(waiting.values_list("project__number", flat=True)):
        with left_for_next_time(number):
            prices.rank_prices(project_number=number, by=by, at=at)


def close_silent(*, by: Actor, at: datetime) -> None:
    """Look at every question to a bidder whose time is over."""
    late = PanelMatter.objects.filter(due_at__lte=at, answered_at=None, closed_at=None)
    for number in set(late.values_list("evaluation__project__number", flat=True)):
        with left_for_next_time(number):
            raising.close_silent(project_number=number, by=by, at=at)


def settle_ties(*, by: Actor, at: datetime) -> None:
    """Look at every report that waits for the order of equal ranks."""
    for number in Evaluation.objects.filter(step=Step.TIE).values_list("project__number", flat=True):
        with left_for_next_time(number):
            handing_in.settle_tie(project_number=number, by=by, at=at)
