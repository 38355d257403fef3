"""Connections of the pages' server that must get on: who sends no request, or does not read his answer, is cut off.

Bodies are watched where they are read (`config.pages`); sockets answer pings, and are cut off by what a room does not
see: frames that never become a message, and a line that nobody reads.
"""

import asyncio
import resource
from asyncio.transports import BaseTransport
from collections import Counter
from typing import Any

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD = 20.0  # seconds to the end of a request's head, from the connection or the first byte after an answer
STALLED = 60.0  # seconds in which nothing of an answer is taken
PER_SOURCE = 1000  # connections one address may have at once, as behind nginx: a whole office may be one
FRAMES = 50.0  # frames a second from one socket, with as many saved up; a room takes ten messages
MANY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_held: Counter[str] = Counter()  # connections of each source; one that is the house's own proxy is not counted


def _enter(transport: Any) -> str:
    """Count a connection; its source, empty where nobody is to be counted."""
    address = get_remote_addr(transport)
    source = address[0] if address and address[0] not in settings.TRUSTED_PROXIES else ""
    if source:
        _held[source] += 1
    return source


def _leave(source: str) -> None:
    if source:
        _held[source] -= 1
        if not _held[source]:
            del _held[source]


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP connection with an end to its patience."""

    _cutting: asyncio.TimerHandle | None = None
    _source = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._source = _enter(transport)
        if _held[self._source] > PER_SOURCE:
            transport.write(MANY)
            transport.close()
            return
        self._cut_in(HEAD)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._cutting is None and (self.cycle is None or self.cycle.response_complete):
            self._cut_in(HEAD)

    def on_headers_complete(self) -> None:
        self._let_be()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._cut_in(STALLED)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._let_be()

    def handle_websocket_upgrade(self) -> None:
        self._let_be()
        super().handle_websocket_upgrade()
        _leave(self._source)  # the socket counts for itself
        self._source = ""

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
        _leave(self._source)
        super().connection_lost(exc)

    def _cut_in(self, seconds: float) -> None:
        self._let_be()
        self._cutting = self.loop.call_later(seconds, self._cut)

    def _let_be(self) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
            self._cutting = None

    def _cut(self) -> None:
        self._cutting = None
        self.transport.abort()  # close() would wait for the reader


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's socket, which ends for good, and takes no more frames than anybody means."""

    _source = ""
    _left, _seen = FRAMES, 0.0

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._source = _enter(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        _leave(self._source)
        self._source = ""
        super().connection_lost(exc)

    def handle_ping(self) -> None:
        # Each is answered at once, into a line that its sender need not read.
        if self._taken():
            super().handle_ping()

    def handle_pong(self, event: Any) -> None:
        if self._taken():
            super().handle_pong(event)

    def handle_cont(self, event: Any) -> None:
        # Of a message that never ends: its size is limited, the number of its empty pieces is not.
        if self._taken():
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        # Who floods is told so by his room first; here is who goes on when he was.
        if self._taken():
            super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()  # it would close(), which waits until somebody reads the last of it
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def _taken(self) -> bool:
        """Whether one more frame is; who sends more is cut off."""
        present = self.loop.time()
        self._left = min(FRAMES, self._left + (present - (self._seen or present)) * FRAMES) - 1
        self._seen = present
        if self._left < 0:
            self._left = float("-inf")
            self.transport.abort()
        return self._left >= 0


def allow_many() -> None:
    """Let this process hold as many connections as the machine allows it: the usual 1,024 are soon taken."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
