"""Django's PostgreSQL backend, with one more answer to COMMIT: it may have happened, and nobody may be told so.

Two ways lead there. The connection is lost before the answer comes. Or the wait for the synchronous standby is ended:
PostgreSQL sets it no limit of its own, and when we do it answers as if all were well, with a warning beside; what it
has would be gone with this server. Neither is an acknowledgement. Django looks for a module of this name.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import InterfaceError, OperationalError
from psycopg import Connection, Error
from psycopg.errors import Diagnostic

from config.postgresql import Unconfirmed

WAITING = "SyncRepWaitForLSN"  # the function of the server that warns; its words are in the server's language
LOST = ("08", "57P")  # classes of SQLSTATE; a connection that broke has none


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises Unconfirmed where Django's would say that a commit failed, or that it went well."""

    def _configure_connection(self, connection: "Connection[Any]") -> bool:
        connection.add_notice_handler(partial(_noted, connection))
        told: bool = super()._configure_connection(connection)
        return told

    def _commit(self) -> None:
        try:
            with self._no_longer():
                super()._commit()
        except (OperationalError, InterfaceError) as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state is None or state.startswith(LOST):
                raise Unconfirmed(f"the answer to COMMIT was lost: {error}") from error
            raise
        if self.connection is not None and vars(self.connection).pop("unreplicated", False):
            raise Unconfirmed("committed here alone: no synchronous standby has it")

    @contextmanager
    def _no_longer(self) -> Iterator[None]:
        """Give a commit up that its standby lets wait too long: everybody's threads would stand still with it."""
        seconds = self.settings_dict.get("COMMIT_WAIT", 0)
        if not seconds or self.connection is None:
            yield
            return
        watch = threading.Timer(seconds, _given_up, (self.connection,))
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _given_up(connection: "Connection[Any]") -> None:
    with suppress(Error, OSError):
        connection.cancel_safe(timeout=5)


def _noted(connection: "Connection[Any]", notice: Diagnostic) -> None:
    if notice.source_function == WAITING:
        vars(connection)["unreplicated"] = True
