"""The whole house in one process: pages and sockets, the sequencer, the ticks, the clock's mark."""

import fcntl
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

from django.db import DatabaseError, close_old_connections

from config import ticks
from config.timekeeper import Timekeeper
from ledger.running import Sequencer
from rulebook import clock

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds


class AlreadyServed(RuntimeError):
    """Another process serves from this data folder."""


def only_one(folder: Path) -> IO[str]:
    """Hold the folder's lock for as long as the returned file lives; AlreadyServed when another process has it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = open(folder / "serve.lock", "w")  # noqa: SIM115 (held until the process ends)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise AlreadyServed(f"another process serves from {folder}") from error
    return lock


class Ticker:
    """A thread that runs each tick of the table when it is due, one after the other; those that are apart in another.

    Such a tick is left out while the last of them is still running: what is due then is due the next time as well.
    """

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, name="ticks", daemon=True)
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="tick")
        self.aside = ThreadPoolExecutor(1, thread_name_prefix="tick-apart")
        self.running: Future[None] | None = None

    def start(self) -> None:
        """Start."""
        self.thread.start()

    def stop(self) -> None:
        """End after the tick that is running."""
        self.stopped.set()
        self.thread.join(10)
        self.pool.shutdown()
        self.aside.shutdown()

    def _run(self) -> None:
        due = {tick.task: time.monotonic() for tick in ticks.TICKS}
        while not self.stopped.wait(LOOK_EVERY):
            for tick in ticks.TICKS:
                if time.monotonic() >= due[tick.task] and not self.stopped.is_set():
                    due[tick.task] = time.monotonic() + tick.every
                    self._tick(tick)

    def _tick(self, tick: ticks.Tick) -> None:
        if not tick.apart:
            # In a future, so that a bug in one tick is told and the others go on.
            self._look_at(tick, self.pool.submit(_run_and_tidy, tick.task))
        elif self.running is None or self.running.done():
            self.running = self.aside.submit(_run_and_tidy, tick.task)
            self.running.add_done_callback(partial(self._look_at, tick))

    def _look_at(self, tick: ticks.Tick, done: "Future[None]") -> None:
        error = done.exception()
        if isinstance(error, (DatabaseError, OSError)):
            log.error("tick %s: %s", tick.task, error)
        elif error is not None:
            log.error("tick %s failed", tick.task, exc_info=error)


def _run_and_tidy(task: str) -> None:
    try:
        ticks.run(task, at=clock.now())
    finally:
        close_old_connections()


class Embedded:
    """Everything that runs beside the server."""

    def __init__(self) -> None:
        self.parts = (Timekeeper(), Sequencer(), Ticker())

    def start(self) -> None:
        """Start all parts, the clock first."""
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """Stop them, the clock last."""
        for part in reversed(self.parts):
            part.stop()
