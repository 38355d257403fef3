"""Ticks of the deadline: they write down what is already so."""

from datetime import datetime, timedelta

from bidding.submission import queries, services, uploads
from bidding.submission.models import Closing
from bidding.tender.models import Tender
from market.projects.rules import Stage
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time


def close_bidding(*, by: Actor, at: datetime) -> None:
    """Fix the lists of tenders whose deadline and drain are past, and announce those whose checkpoint stands."""
    due = Tender.objects.filter(project__stage=Stage.OPEN, closing=None, closes_at__lte=at).select_related("project")
    for tender in due:
        if at >= tender.closes_at + timedelta(seconds=tender.drain):
            with left_for_next_time(tender.project.number):
                services.fix_list(project_number=tender.project.number, by=by, at=at)
    for closing in Closing.objects.filter(entry=None).select_related("tender__project"):
        with left_for_next_time(closing.tender.project.number):
            if queries.sealed_checkpoint(closing.tender) is not None:
                services.announce_closing(project_number=closing.tender.project.number, by=by, at=at)


def forget_uploads(*, by: Actor, at: datetime) -> None:
    """Delete what was uploaded in part and not finished by the deadline."""
    uploads.forget(by=by, at=at)
