"""Ticks of the award desk."""

import logging
from datetime import datetime

from market.awards import queries, services
from market.projects.models import Project
from rulebook.actor import Actor
from rulebook.refusal import Refused

log = logging.getLogger(__name__)


def deem_determined(*, by: Actor, at: datetime) -> None:
    """Where the buyer let its days pass without a word, the first in turn counts as determined.

    Law: 87号令 第68条.
    """
    for number in queries.deemed(at):
        turn = queries.turn(Project.objects.get(number=number), at=at)
        if turn is None:
            continue
        try:
            services.determine(number=number, org=turn.org, by=by, at=at)
        except Refused as refusal:
            log.warning("%s is not deemed determined: %s", number, refusal)
