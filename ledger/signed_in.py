"""Sockets end with the session they were opened in: every few seconds one statement asks for all of a process.

Commands ask for themselves (`TailConsumer.actor`); this is for who only listens to what a closed room says.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now

from ledger.hub import in_pool

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between looks
ENDED = 4001  # 4000 + 1: the page comes again, as whoever it is by then
Close = Callable[[int], Awaitable[None]]


def session_store() -> Any:
    """The session engine of the house."""
    return import_module(settings.SESSION_ENGINE).SessionStore


def standing(keys: set[str]) -> set[str]:
    """Those of these sessions that have not ended, and whose people are not shut out."""
    store = session_store()
    rows = {store.row_key(key): key for key in keys}
    kept = store.get_model_class().objects.filter(session_key__in=rows, expire_date__gt=Now(), user__is_active=True)
    return {rows[row] for row in kept.values_list("session_key", flat=True)}


class SignedIn:
    """The sockets of one event loop that were opened by somebody who is signed in."""

    def __init__(self) -> None:
        self._sockets: dict[str, list[Close]] = defaultdict(list)
        self._looking: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def watched(self, key: str, close: Close) -> Iterator[None]:
        """Close a socket when its session ends, as long as the block lasts."""
        self._sockets[key].append(close)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        try:
            yield
        finally:
            left = self._sockets[key]
            if close in left:
                left.remove(close)
            if not left:
                del self._sockets[key]

    async def _look(self) -> None:
        while self._sockets:
            await asyncio.sleep(LOOK)
            asked = set(self._sockets)
            try:
                over = asked - await in_pool(lambda keys=asked: standing(keys)) if asked else set()
            except DatabaseError as error:
                log.warning("sessions of sockets: %s", error)
                continue
            for close in [each for key in over for each in self._sockets.get(key, ())]:
                with contextlib.suppress(OSError, RuntimeError):  # it has just gone by itself
                    await close(ENDED)


_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, SignedIn] = WeakKeyDictionary()


def signed_in() -> SignedIn:
    """The sockets of this event loop."""
    return _loops.setdefault(asyncio.get_running_loop(), SignedIn())
