"""Ticks: prices that are open are ranked; reports whose equal ranks are drawn go to the buyer."""

from datetime import datetime

from bidding.evaluation import early, handing_in, looked_up, negotiating, prices, raising, services
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import PanelMatter
from bidding.evaluation.rules import REPLACEABLE, Step
from bidding.opening.models import Opening
from blacklist.lists import queries as lists
from experts.panels import barring
from experts.panels import queries as panels
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def call_fixed(*, by: Actor, at: datetime) -> None:
    """Look at every panel that was drawn before the opening and not called yet."""
    for number in panels.waiting_for_opening():
        with left_for_next_time(number):
            early.call_fixed(project_number=number, by=by, at=at)


def replace_barred(*, by: Actor, at: datetime) -> None:
    """Look at every panel that is being called or judges, where anybody of the register is under a decision."""
    among = barring.suspects(at=at)
    judging = Evaluation.objects.filter(step__in=REPLACEABLE, project__stage=Stage.DECIDING)
    for number in judging.values_list("project__number", flat=True) if among else ():
        with left_for_next_time(number):
            services.replace_barred(project_number=number, among=among, by=by, at=at)


def look_up(*, by: Actor, at: datetime) -> None:
    """Look at every opening that ended and whose bidders were not looked up yet, where a list its law wants is held."""
    regimes = lists.askable()
    if not regimes:
        return
    ended = Opening.objects.filter(ended_at__isnull=False, tender__project__stage=Stage.DECIDING)
    found = {opening.tender.project for opening in ended.select_related("tender__project")}
    asks = [project for project in found if project.procedure.regime in regimes]
    done = lists.looked_up([project.log for project in asks])
    for project in asks:
        if project.log not in done:
            with left_for_next_time(project.number):
                looked_up.look_up(number=project.number, by=by, at=at)


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
