"""Tick: reports whose equal ranks are drawn go to the buyer."""

from datetime import datetime

from bidding.evaluation import handing_in
from bidding.evaluation.models import Evaluation
from bidding.evaluation.rules import Step
from rulebook.actor import Actor
from rulebook.refusal import left_for_next_time


def settle_ties(*, by: Actor, at: datetime) -> None:
    """Look at every report that waits for the order of equal ranks."""
    for number in Evaluation.objects.filter(step=Step.TIE).values_list("project__number", flat=True):
        with left_for_next_time(number):
            handing_in.settle_tie(project_number=number, by=by, at=at)
