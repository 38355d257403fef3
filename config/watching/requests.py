"""Every request has a number; what may be said of it goes into one line and a few figures."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.watching import metrics
from config.watching.lines import request_id
from config.watching.routes import Kind, kind_of

log = logging.getLogger("requests")

HEADER = "X-Request-ID"
NUMBER = re.compile(r"[0-9a-f]{32}", re.ASCII)  # as nginx's $request_id makes them
READS = frozenset({"GET", "HEAD"})
FAILED = 500


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
            _tell(request, response.status_code, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response


def number_of(request: HttpRequest) -> str:
    """The proxy's number for a request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if given and NUMBER.fullmatch(given) and request.META.get("REMOTE_ADDR", "") in settings.TRUSTED_PROXIES:
        return str(given)
    return secrets.token_hex(16)


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "static/" if request.path_info.startswith("/static/") else ""
    kind = kind_of(route, reads=request.method in READS)
    if kind in (Kind.SEALED, Kind.UNTOLD) and status < FAILED:
        return
    metrics.request_answered(kind, status, seconds)
    if kind is Kind.UNTOLD or (kind in (Kind.PROBE, Kind.FILE) and status < FAILED):
        return
    if log.isEnabledFor(logging.INFO):
        name = (match.view_name if match else "") or "none"
        facts = {"method": request.method, "route": name, "status": status, "ms": round(1000 * seconds, 1)}
        log.info("", extra={"facts": facts})
