"""Keeps the clock's mark in the database and tells how far the process lags, once a second wherever one serves.

Two processes whose times differ would judge one deadline twice. So one whose time is off the database's by more than
`OFF` stores no mark, and neither it nor one whose time stands still takes an act (`may_judge`): others do, or nobody.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection

from config import memory
from config.watching import metrics, requests
from ledger import setback, underway
from ledger.models import HighWater
from ledger.setback import ONLY
from rulebook import clock
from rulebook.clock import OFF

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds
_off = timedelta()  # by how much the database's clock was off what is believed here, when this process looked last


def load() -> datetime | None:
    """The highest instant any process has stored."""
    return HighWater.objects.filter(pk=ONLY).values_list("at", flat=True).first()


def save(instant: datetime) -> None:
    """Store an instant unless a later one is stored."""
    if not HighWater.objects.filter(pk=ONLY).exists():
        HighWater.objects.get_or_create(pk=ONLY, defaults={"at": instant})
    HighWater.objects.filter(pk=ONLY, at__lt=instant).update(at=instant)


def skew(ours: Callable[[], datetime] | None = None) -> timedelta:
    """How far the database's clock is from ours beyond what the way there explains; positive: it is ahead.

    ours: the machine's clock unless told.  Zero on SQLite, which has no clock but ours.
    """
    if connection.vendor != "postgresql":
        return timedelta()
    ours = ours or clock.system
    asked = ours()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    return beyond(theirs, asked=asked, answered=ours())


def beyond(theirs: datetime, *, asked: datetime, answered: datetime) -> timedelta:
    """How far an instant is outside the time between our asking and the answer; positive: after it."""
    if theirs > answered:
        return theirs - answered
    return theirs - asked if theirs < asked else timedelta()


def may_judge() -> bool:
    """Whether who is in time can be said here beyond doubt: what arrives now is stamped as any other process would.

    A clock that leapt is no hindrance by itself: time goes on by the machine's count, as long as that is right.
    """
    return clock.still() <= OFF and abs(_off) <= OFF


def forget() -> None:
    """Forget how far off it was."""
    global _off
    _off = timedelta()


def refresh() -> None:
    """Learn and store the mark once, and say what still waits here. Who is off the database's clock stores none."""
    global _off
    _off = skew(clock.believed)
    clock.refresh(load=load, save=save if abs(_off) <= OFF else _keep_none)
    setback.look()
    underway.tell(at=clock.now())
    requests.flush()
    metrics.tell_present(seconds=clock.system().timestamp())
    if abs(_off) > OFF:
        log.error("the database's clock is off by %s: no act is taken here until they agree", _off)
    if lag := clock.behind():
        log.error("the system clock is behind by %s: time goes on by the machine's count, or stands still", lag)
    if leap := clock.ahead():
        log.error("the system clock leapt ahead by %s: time goes on by the machine's count until a person acts", leap)


def _keep_none(instant: datetime) -> None:
    """The mark of a clock that is wrong would be everybody's."""


class Timekeeper:
    """A thread that refreshes the mark every second; the first time before `start` returns."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.first = threading.Event()
        self.thread = threading.Thread(target=self._run, name="timekeeper", daemon=True)

    def start(self) -> None:
        """Start, and wait until the stored mark is known."""
        self.thread.start()
        if not self.first.wait(30):
            raise RuntimeError("the stored time could not be read")
        gc.freeze()  # what a start has loaded stays, and need not be looked through again

    def stop(self) -> None:
        """End, with nothing left to be written down."""
        self.stopped.set()
        self.thread.join(5)
        requests.flush()

    def _run(self) -> None:
        given_back = time.monotonic()
        while not self.stopped.is_set():
            try:
                refresh()
                if not self.first.is_set():
                    clock.count()
                    self.first.set()
            except DatabaseError as error:
                log.error("time is not kept: %s", error)
            close_old_connections()
            if time.monotonic() - given_back > memory.EVERY:
                memory.give_back()
                given_back = time.monotonic()
            self.stopped.wait(EVERY)
