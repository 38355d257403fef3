"""Public pages read from a replica, where `MINGBIAO_REPLICA_URL` names one.

Only what a stranger asks for by GET at the addresses below. Whoever has a session, or has just sent something, is
answered by the primary; so is everybody once the replica is more than some seconds behind, or silent. The connection
as a whole is exchanged for the time of a request: a page is read from one server from end to end, and whatever would
write finds a server that does not. No act, no tick and no log reads here: nothing legal depends on a replica.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse

from ledger.models import HighWater
from rulebook import clock

log = logging.getLogger(__name__)

ALIAS = "replica"
LOOK = 1.0  # seconds an answer about the replica is good for
SAFE = ("GET", "HEAD")
# What holds no live room and no log: a checkpoint must never seem to go back, a room goes on from where a page ends.
PUBLIC = frozenset({
    "", "blacklist", "blacklist.csv", "blacklist.json", "buyers", "catalogue", "catalogue.json", "credit", "help",
    "notices", "notices.atom", "notices.json", "ocds", "providers", "providers.json", "restrictions",
    "restrictions.json", "rules", "rules.json", "sitemap.xml", "statistics",
})  # fmt: skip
SENT = f"{settings.COOKIES}sent"  # the cookie of who has sent something and may look for it


class Freshness:
    """Whether the replica is no further behind than is allowed; asked by one thread at a time, once in a while."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._fresh, self._good_until = False, 0.0

    def holds(self) -> bool:
        """What was found last; the first who comes after that finds out anew."""
        if time.monotonic() >= self._good_until and self._asking.acquire(blocking=False):
            try:
                self._fresh = is_fresh()
                self._good_until = time.monotonic() + LOOK
            finally:
                self._asking.release()
        return self._fresh


def is_fresh() -> bool:
    """The mark of the clock, which every process that serves moves on each second, has arrived there.

    PostgreSQL's own figures say that nothing is outstanding where a replica has lost its primary and knows of no news.
    """
    try:
        mark = HighWater.objects.using(ALIAS).values_list("at", flat=True).first()
    except DatabaseError as error:
        log.warning("the replica is silent: %s", error)
        return False
    return mark is not None and clock.now() - mark <= timedelta(seconds=settings.REPLICA_LAG)


@contextmanager
def reading() -> Iterator[None]:
    """What this thread reads in the block is read from the replica, and cannot be written."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


class FromReplica:
    """Middleware: takes a stranger's public page from the replica, or from the primary where that has no answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.freshness = Freshness()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if may_be_old(request) and self.freshness.holds():
            with reading():
                response = self.get_response(request)
            # Not there yet, or not to be had there: it was only read, so that asking once more does nothing twice.
            if response.status_code < 400:
                return response
        response = self.get_response(request)
        # A tip leaves no trace in a browser (decision 0032), and none of its pages is read from a replica.
        if request.method not in SAFE and "tips" not in request.path:
            response.set_cookie(
                SENT, "1", max_age=int(settings.REPLICA_LAG + 2 * LOOK) + 1, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response


def may_be_old(request: HttpRequest) -> bool:
    """A page for everybody, asked for by somebody nobody knows, who has sent nothing just now."""
    return (
        request.method in SAFE
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and SENT not in request.COOKIES
        and request.path.split("/")[1] in PUBLIC
    )
