"""Keeps the clock's mark in the database and tells how far the process lags, once a second wherever one serves."""

import logging
import threading
from datetime import datetime

from django.db import DatabaseError, close_old_connections

from config.watching import metrics, requests
from ledger import setback, underway
from ledger.models import HighWater
from ledger.setback import ONLY
from rulebook import clock

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds


def load() -> datetime | None:
    """The highest instant any process has stored."""
    return HighWater.objects.filter(pk=ONLY).values_list("at", flat=True).first()


def save(instant: datetime) -> None:
    """Store an instant unless a later one is stored."""
    if not HighWater.objects.filter(pk=ONLY).exists():
        HighWater.objects.get_or_create(pk=ONLY, defaults={"at": instant})
    HighWater.objects.filter(pk=ONLY, at__lt=instant).update(at=instant)


def refresh() -> None:
    """Learn and store the mark once, and say what still waits here."""
    clock.refresh(load=load, save=save)
    setback.look()
    underway.tell(at=clock.now())
    requests.flush()
    metrics.tell_present(seconds=clock.system().timestamp())
    if lag := clock.behind():
        log.error("the system clock is behind by %s: time stands still until it has caught up", lag)
    if leap := clock.ahead():
        log.error("the system clock leapt ahead by %s: time goes on by the machine's count until a person acts", leap)


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

    def stop(self) -> None:
        """End, with nothing left to be written down."""
        self.stopped.set()
        self.thread.join(5)
        requests.flush()

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                refresh()
                if not self.first.is_set():
                    clock.count()
                    self.first.set()
            except DatabaseError as error:
                log.error("time is not kept: %s", error)
            close_old_connections()
            self.stopped.wait(EVERY)
