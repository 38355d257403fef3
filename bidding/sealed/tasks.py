"""Ticks of sealed quotes: they write down what is already so."""

import logging
from datetime import datetime

from bidding.sealed import judging, preparing, queries, services
from experts.panels import barring
from market.projects import services as project_services
from rulebook.actor import Actor
from rulebook.refusal import Refused
from rulebook.rows import left_for_next_time

log = logging.getLogger(__name__)


def prepare_and_publish(*, by: Actor, at: datetime) -> None:
    """Ask key holders for what is approved; publish what is due, or give it back where it no longer may be."""
    for number in queries.to_prepare():
        with left_for_next_time(number):
            preparing.prepare(project_number=number, by=by, at=at)
    for number in queries.to_publish(at):
        with left_for_next_time(number):
            try:
                preparing.publish(project_number=number, by=by, at=at)
            except Refused as refusal:
                log.warning("%s is not published: %s", number, refusal)
                project_services.call_off(number=number, reasons=refusal.reasons, by=by, at=at)


def open_and_choose(*, by: Actor, at: datetime) -> None:
    """Open what is closed and witnessed, end what is decided, and choose."""
    steps = ((queries.to_open, services.open_by_itself), (queries.to_end, services.end),
             (queries.to_choose, services.choose))  # fmt: skip
    for due, act in steps:
        for number in due():
            with left_for_next_time(number):
                act(project_number=number, by=by, at=at)


def excuse_barred(*, by: Actor, at: datetime) -> None:
    """Look at every owner's panel with somebody on it who is under a decision."""
    among = barring.suspects(at=at)
    for number in queries.judged_by(among) if among else ():
        with left_for_next_time(number):
            judging.excuse_barred(project_number=number, by=by, at=at)
