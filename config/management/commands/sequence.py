"""Run the sequencer alone: in the scaled setup it is a process of its own and the only holder of the log keys."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from config import static
from config.starting import gate
from config.timekeeper import Timekeeper
from ledger import golive
from ledger.running import Sequencer
from ledger.sequencer import LOCK
from rulebook import clock

log = logging.getLogger(__name__)
LOOK = 0.5  # seconds between looks whether the one who works has gone, or whether we still are the one


class Command(BaseCommand):
    help = "Places entries, signs checkpoints, collects cosignatures; while another does, waits for it to be gone."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        try:
            gate.begin("sequence")
        except gate.Unsafe as error:
            raise CommandError(str(error)) from error
        if not _is_ours(ended):
            return
        try:
            golive.check(signs=True)  # with the lock held: whoever had it before has signed his last
            gate.believe()
        except (golive.LogRolledBack, golive.KeysMissing, gate.Unsafe) as error:
            raise CommandError(f"not started: {error}") from error
        log.info("this one sequences from now on")
        keeper, sequencer = Timekeeper(), Sequencer()
        keeper.start()
        sequencer.start()
        static.publish_scripts(at=clock.now())  # by the only process of its kind, for all those that serve
        try:
            while not ended.wait(LOOK):
                _still_ours()
        finally:
            sequencer.stop()
            keeper.stop()


def _is_ours(ended: threading.Event) -> bool:
    """Wait for the lock of those who sequence; whether we have it. False when told to end before."""
    if connection.vendor != "postgresql":
        return True
    # Held by this session for as long as it lives; the batches take another lock of their own. Asked again and again:
    # who waits for a lock is sent away after seconds (`lock_timeout`), and keeps the database from tidying up.
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK + 1])
            if cursor.fetchone()[0]:
                return True
        if ended.wait(LOOK):
            return False


def _still_ours() -> None:
    """CommandError when the session has gone, and the lock with it: somebody else may work by now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise CommandError(f"the lock is lost: {error}") from error
