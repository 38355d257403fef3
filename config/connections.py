"""Connections of the pages' server that must get on: who sends no request, or does not read his answer, is cut off.

Bodies are watched where they are read (`config.pages`); sockets answer pings.
"""

import asyncio
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = 20.0  # seconds to the end of a request's head, from the connection or the first byte after an answer
STALLED = 60.0  # seconds in which nothing of an answer is taken


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP connection with an end to its patience."""

    _cutting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
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

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
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


def allow_many() -> None:
    """Let this process hold as many connections as the machine allows it: the usual 1,024 are soon taken."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
