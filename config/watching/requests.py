"""Every request has a number; what may be said of it goes into one line and a few figures."""

import atexit
import contextlib
import logging
import os
import re
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.watching import metrics
from config.watching.lines import KIND, request_id
from config.watching.routes import Kind, kind_of
from rulebook import clock

log = logging.getLogger("requests")

HEADER = "X-Request-ID"
NUMBER = re.compile(r"[0-9a-f]{32}", re.ASCII)  # as nginx's $request_id makes them
READS = frozenset({"GET", "HEAD"})
METHODS = READS | {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SILENT = frozenset({Kind.SEALED, Kind.UNTOLD})
COUNTED = frozenset({Kind.PROBE, Kind.FILE})  # and no more, while all is well
TOGETHER = 200  # lines written at once
FAILED = 500
_waiting: deque[tuple[datetime, str, str, str, int, float]] = deque()


class Numbered:
    """Middleware, the outermost: gives a request its number and says how it went.

    The number is the proxy's, from peers that are believed, else made here; it comes back in X-Request-ID and stands
    on pages that tell of an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        number = number_of(request)
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            _tell(request, number, response.status_code, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response


def number_of(request: HttpRequest) -> str:
    """The proxy's number for a request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if given and NUMBER.fullmatch(given) and request.META.get("REMOTE_ADDR", "") in settings.TRUSTED_PROXIES:
        return str(given)
    return secrets.token_hex(16)


def _tell(request: HttpRequest, number: str, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "static/" if request.path_info.startswith("/static/") else ""
    kind = kind_of(route, reads=request.method in READS)
    if kind in SILENT and status < FAILED:
        return
    metrics.request_answered(kind, status, seconds)
    if kind is Kind.UNTOLD or (kind in COUNTED and status < FAILED) or not log.isEnabledFor(logging.INFO):
        return
    at = getattr(request, "arrived_at", None) or clock.now()
    method = request.method if request.method in METHODS else "?"
    _waiting.append((at, number, method, match.view_name if match else "none", status, seconds))
    if len(_waiting) >= TOGETHER:
        flush()


def flush() -> None:
    """Write down what is waiting; once a second by whoever keeps the process's time."""
    said = []
    with contextlib.suppress(IndexError):
        while True:
            said.append(line(*_waiting.popleft()))
    if said:
        write("".join(said))


def line(at: datetime, number: str, method: str, name: str, status: int, seconds: float) -> str:
    """What is written of an answer.

    Composed by hand, and of many at once: each by itself, between two answers, costs a tenth of a fast page. What
    stands in it needs no quoting: words of the code, digits, and a method only if it is one.
    """
    return (
        f'{{"time": "{at.replace(tzinfo=None).isoformat(timespec="microseconds")}Z", "level": "INFO",'
        f' "logger": "requests", "kind": "{KIND}", "pid": {os.getpid()}, "request": "{number}", "method": "{method}",'
        f' "route": "{name}", "status": {status}, "ms": {1000 * seconds:.1f}}}\n'
    )


def write(text: str) -> None:
    """Where lines go."""
    sys.stderr.write(text)
    sys.stderr.flush()


atexit.register(flush)
