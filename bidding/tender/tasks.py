"""Ticks of publication, and of the holders' readiness."""

import logging
from datetime import datetime

from bidding.tender import queries, readiness, services
from market.projects import queries as projects
from market.projects import services as project_services
from rulebook.actor import Actor
from rulebook.refusal import Refused
from rulebook.rows import left_for_next_time

log = logging.getLogger(__name__)


def publish_due(*, by: Actor, at: datetime) -> None:
    """Publish every tender whose minute has come; one that no longer may be goes back to its drafter."""
    for number in queries.with_terms(projects.due(at)):
        with left_for_next_time(number):
            try:
                services.publish(project_number=number, by=by, at=at)
            except Refused as refusal:
                log.warning("%s is not published: %s", number, refusal)
                project_services.call_off(number=number, reasons=refusal.reasons, by=by, at=at)


def raise_alarms(*, by: Actor, at: datetime) -> None:
    """Tell of every holder that is not ready a day or an hour before an opening."""
    for number in readiness.due(at=at):
        with left_for_next_time(number):
            readiness.raise_alarms(project_number=number, by=by, at=at)
