"""Ticks of the deadline: they write down what is already so."""

from datetime import datetime, timedelta

from bidding.submission import queries, rounds, services, straight, uploads
from bidding.submission.models import Closing, Round
from bidding.tender.models import Tender
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.rows import if_any, left_for_next_time


def close_bidding(*, by: Actor, at: datetime) -> None:
    """Fix the lists of tenders whose deadline and drain are past, and announce those whose checkpoint stands."""
    due = Tender.objects.filter(project__stage=Stage.OPEN, closing=None, closes_at__lte=at).select_related("project")
    for tender in if_any(due):
        if at >= tender.closes_at + timedelta(seconds=tender.drain):
            with left_for_next_time(tender.project.number):
                services.fix_list(project_number=tender.project.number, by=by, at=at)
    for closing in if_any(Closing.objects.filter(entry=None).select_related("tender__project")):
        with left_for_next_time(closing.tender.project.number):
            if queries.sealed_checkpoint(closing.tender) is not None:
                services.announce_closing(project_number=closing.tender.project.number, by=by, at=at)


def close_rounds(*, by: Actor, at: datetime) -> None:
    """Fix the lists of rounds whose time is over, and announce those whose checkpoint stands."""
    running = Round.objects.filter(entry=None, closes_at__lte=at, tender__project__stage=Stage.DECIDING)
    for row in if_any(running.select_related("tender__project")):
        number = row.tender.project.number
        with left_for_next_time(number):
            if row.fixed_at is None and at >= row.closes_at + timedelta(seconds=row.tender.drain):
                rounds.fix_round(project_number=number, by=by, at=at)
            elif row.fixed_at is not None:
                rounds.announce_round(project_number=number, by=by, at=at)


def forget_uploads(*, by: Actor, at: datetime) -> None:
    """Delete what was uploaded in part and not finished by the deadline."""
    uploads.forget(by=by, at=at)
    straight.forget(by=by, at=at)
