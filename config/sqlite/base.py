"""Django's SQLite backend with a FIFO ticket around BEGIN IMMEDIATE.

SQLite's own busy handler is not a queue: under a rush some writers wait for ten seconds while newcomers pass them.
Writers of one process therefore line up for a ticket before they ask for the write lock, and give it back when their
transaction is over. Django looks for a module of this name.
"""

import contextlib
import os
import threading
from collections import deque
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError


class Queue:
    """A lock that serves in order of arrival."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, timeout: float) -> bool:
        """Wait for the turn; False when it did not come in time."""
        with self._guard:
            if not self._taken and not self._waiting:
                self._taken = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # it came just after we gave up
                return True
            self._waiting.remove(turn)
            return False

    def give_back(self) -> None:
        """The next in line has the turn."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_queues: dict[str, Queue] = {}


def queue_of(name: str) -> Queue:
    """The queue before one database file."""
    return _queues.setdefault(name, Queue())


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a ticket before a transaction begins and gives it back when it ends, however it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ticket: Queue | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """A database made here is its owner's alone, and what SQLite lays beside it as well."""
        with contextlib.suppress(OSError):  # it is there, or SQLite says better what is wrong
            os.close(os.open(conn_params["database"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        queue = queue_of(str(Path(self.settings_dict["NAME"])))
        if not queue.take(float(self.settings_dict["OPTIONS"].get("timeout", 20))):
            raise OperationalError("database is locked: the queue of writers did not move")
        began = False
        try:
            super()._start_transaction_under_autocommit()
            self._ticket, began = queue, True
        finally:
            if not began:
                queue.give_back()

    def _commit(self) -> None:
        super()._commit()  # when it fails the transaction is still open, and a rollback follows
        self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._release()

    def _release(self) -> None:
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            ticket.give_back()
