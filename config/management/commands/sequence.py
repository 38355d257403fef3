"""Run the sequencer alone: in the scaled setup it is a process of its own and the only holder of the log keys."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from config import engine, static
from config.timekeeper import Timekeeper
from ledger.running import Sequencer
from ledger.sequencer import LOCK
from rulebook import clock


class Command(BaseCommand):
    help = "Places entries, signs checkpoints, collects cosignatures."

    def handle(self, *args: Any, **options: Any) -> None:
        engine.check()
        if connection.vendor == "postgresql":
            # Held by this session for as long as it lives; the batches take another lock of their own.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK + 1])
        keeper, sequencer = Timekeeper(), Sequencer()
        keeper.start()
        sequencer.start()
        static.publish_scripts(at=clock.now())  # by the only process of its kind, for all those that serve
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()
        sequencer.stop()
        keeper.stop()
