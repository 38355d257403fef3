"""When a request or message arrived: the instant its last byte was in, before any queue of ours."""

import datetime
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.watching import metrics
from ledger import underway
from rulebook import clock

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SECONDS = re.compile(r"\d{1,11}(\.\d{1,6})?", re.ASCII)
# Longer than a proxy waits for an answer (75 s, `config.up.front`) and a body is on its way to us: of a stamp that is
# older nobody waits any more, he was told that nothing was taken; or the proxy's clock is slow.
LONGEST = datetime.timedelta(minutes=2)


class ArrivalStamp:
    """Outermost ASGI layer: stamps `arrived_at` on a request's scope, and on every websocket message."""

    def __init__(self, inner: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamping() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                scope["arrived_at"] = clock.now()
            elif message["type"].startswith("websocket."):
                message["arrived_at"] = clock.now()
            return message

        await self.inner(scope, stamping, send)


class Stamped:
    """Middleware: gives every request its `arrived_at`.

    From the ASGI stamp; under WSGI from the proxy in front, which buffers requests and writes the instant it had the
    whole in X-Arrival (seconds since 1970); else the present. The header is believed from `TRUSTED_PROXIES` alone,
    never moves an arrival into the future, nor further back than anybody waits (`LONGEST`); while its clock is known to
    be wrong, it counts for nothing (decision 0047).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        present = clock.now()
        arrived = request.arrived_at = arrival(request, at=present)  # type: ignore[attr-defined]
        with underway.Answering(arrived_at=arrived, at=present):
            return self.get_response(request)


def arrival(request: HttpRequest, *, at: datetime.datetime) -> datetime.datetime:
    """When a request came that is taken up at this instant."""
    said = request.META.get("HTTP_X_ARRIVAL", "")
    if (
        said
        and SECONDS.fullmatch(said)
        and request.META.get("REMOTE_ADDR", "") in settings.TRUSTED_PROXIES
        and max(clock.behind(), clock.ahead()) <= clock.OFF
    ):
        told = datetime.datetime.fromtimestamp(float(said), datetime.UTC)
        if -clock.OFF <= at - told <= LONGEST:
            return min(told, at)
        metrics.failed("arrival")  # on another machine than ours a clock is wrong
    scope: Scope = getattr(request, "scope", {})
    return scope.get("arrived_at", at)
