"""The sequencer as something that runs: one loop for batches, one for each witness."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from ledger import keys, sequencer, setback, witnesses
from ledger.models import Log
from proofs.note import BadNote
from rulebook import clock

log = logging.getLogger(__name__)

WITNESS_EVERY = 0.2  # seconds between looks for something to be signed
AFTER_TROUBLE = 2.0  # seconds


class Sequencer:
    """Runs in threads of the process that holds the log keys, until told to stop."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads. The keys come first: one that others can read stops the start."""
        for name in keys.EVERY:
            keys.signer(name)
        self._thread("sequencer", self._batches)
        for witness in witnesses.configured():
            self._thread(f"witness {witness.key.name}", lambda witness=witness: self._cosign(witness))

    def stop(self) -> None:
        """Finish what is being done, and end."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(10)

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _batches(self) -> None:
        while not self.stopped.is_set():
            pause = settings.PUBLIC_EVERY
            try:
                sequencer.turn(at=clock.now())
            except DatabaseError as error:
                log.error("sequencer: %s", error)
                pause = AFTER_TROUBLE
            close_old_connections()
            self.stopped.wait(pause)

    def _cosign(self, witness: witnesses.Witness) -> None:
        while not self.stopped.is_set():
            pause = WITNESS_EVERY
            try:
                for name in (Log.SEALED, Log.PUBLIC):
                    witnesses.ask(witness, name, at=clock.now())
            except witnesses.LogRolledBack as error:
                # Signing on would make a second history under the same key. A human must restore what was published.
                log.critical("%s: the sequencer stops", error)
                self.stopped.set()
                self._tell_all()
            except (OSError, DatabaseError, BadNote) as error:
                log.warning("witness %s: %s", witness.key.name, error)
                pause = AFTER_TROUBLE
            close_old_connections()
            self.stopped.wait(pause)

    def _tell_all(self) -> None:
        """Whoever works on this copy is told; while the database does not take it, again."""
        while True:
            try:
                return setback.declare(at=clock.now())
            except DatabaseError as error:
                log.error("that the copy is old is not written down: %s", error)
                close_old_connections()
                time.sleep(AFTER_TROUBLE)
