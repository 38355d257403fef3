"""Whether a bid could be kept now. Asked by load balancers often, found out at most once a second in a process."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F

from config import timekeeper
from ledger import setback
from ledger import storage as files
from ledger.models import HighWater, Log
from ledger.sequencer import newest_checkpoint
from rulebook import clock

LATE = timedelta(seconds=2)  # beyond two periods of the sealed log
STALE = 5.0  # seconds after which it is no answer at all
ENVELOPES = 2  # of the largest size must have room on the disk


def database() -> bool:
    """A row is really written: a database that only reads, or whose disk is full, keeps no bid."""
    written = HighWater.objects.filter(pk=timekeeper.ONLY)
    if not written.exists():
        timekeeper.save(clock.now())
    return written.update(at=F("at")) == 1


def clock_is_right() -> bool:
    """The machine's clock is not behind what was seen before, not ahead of its own count, not off the database's."""
    off = clock.OFF
    return clock.behind() < off and clock.ahead() < off and abs(timekeeper.skew()) < off


def sequencer() -> bool:
    """The newest batch of the sealed log is no older than two of its periods, and this is no old copy."""
    if setback.is_found():
        return False
    newest = newest_checkpoint(Log.SEALED)
    return newest is not None and clock.now() - newest.at < 2 * timedelta(seconds=settings.SEALED_EVERY) + LATE


def storage() -> bool:
    """The folder takes a file and has room for the largest envelopes; where files go to a bucket, it answers."""
    if files.store().why_not_ready():
        return False
    if shutil.disk_usage(settings.DATA).free < ENVELOPES * settings.ENVELOPE_LIMIT:
        return False
    trial = settings.DATA / f".trial.{token_hex(8)}"
    try:
        trial.write_bytes(b"\0" * 4096)
    finally:
        trial.unlink(missing_ok=True)
    return True


CHECKS: Mapping[str, Callable[[], bool]] = {
    "database": database,
    "clock": clock_is_right,
    "sequencer": sequencer,
    "storage": storage,
}


class Readiness:
    """The answers of one process; one request finds out, the others take what was found last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, bool] = {}
        self._at = float("-inf")

    def now(self) -> dict[str, bool]:
        """Each check by its name: found out now, or by somebody else less than a second ago.

        While somebody is finding out, the others are told what was found last, and after a while that nothing is
        ready: a database that hangs must not hold a thread for every question.
        """
        if time.monotonic() - self._at < settings.READY_KEPT:
            return self._found
        if self._lock.acquire(blocking=not self._found):
            try:
                self._found = _looked()
                self._at = time.monotonic()
            finally:
                self._lock.release()
        elif time.monotonic() - self._at > STALE:
            return dict.fromkeys(CHECKS, False)
        return self._found


def _looked() -> dict[str, bool]:
    found = dict.fromkeys(CHECKS, False)
    with contextlib.suppress(DatabaseError), _briefly():
        for name, check in CHECKS.items():
            with contextlib.suppress(DatabaseError, OSError):
                found[name] = check()
    return found


@contextlib.contextmanager
def _briefly() -> Iterator[None]:
    """Statements inside wait for nobody for long: an answer that comes late is none."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 1000; SET statement_timeout = 2000")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout; RESET statement_timeout")


readiness = Readiness()
