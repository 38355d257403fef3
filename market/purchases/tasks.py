"""The tick of publication, for purchases that take no sealed offers."""

import logging
from datetime import datetime

from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.rules import Procedure
from market.purchases import services
from rulebook.actor import Actor
from rulebook.refusal import Refused
from rulebook.rows import left_for_next_time

log = logging.getLogger(__name__)


def publish_due(*, by: Actor, at: datetime) -> None:
    """Publish every such purchase whose minute has come; one that no longer may be goes back to its drafter."""
    for number in projects.due(at, rows=_openly):
        with left_for_next_time(number):
            try:
                services.publish(number=number, by=by, at=at)
            except Refused as refusal:
                log.warning("%s is not published: %s", number, refusal)
                project_services.call_off(number=number, reasons=refusal.reasons, by=by, at=at)


def _openly(row: Procedure) -> bool:
    return row.selection is not None and not row.takes_offers
