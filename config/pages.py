"""The house's pages under an ASGI server: the synchronous stack of Django in a bounded pool of threads.

Django's own ASGI handler starts a thread for every request, changes threads at every middleware and reads a file whole
before it sends the first byte of it. Here a request waits for its last byte on the event loop, where thousands may
wait, then runs in one thread from end to end, first come first served; what is long is sent a piece at a time, as fast
as its reader takes it.
"""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import FileResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from config.arrival import Receive, Scope, Send
from config.refusals import RETRY_AFTER

log = logging.getLogger(__name__)

PIECE = 256 * 1024  # bytes of a long answer sent at a time
GRACE = 30.0  # seconds a request may take however little of it has come
SLOWEST = 1024  # bytes a second below which a longer one is given up
ENVELOPE_AND_MORE = 2**20  # bytes a body may be longer than the largest envelope


class Gone(Exception):
    """The client has left before its request was complete."""


class TooSlow(Exception):
    """The request came more slowly than anybody's line is."""


class TooLong(Exception):
    """The request is longer than anything that is taken here."""


class Pages(BaseHandler):
    """An ASGI application for HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self._pool = ThreadPoolExecutor(settings.ENV.threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Rolls over to the disk when it is long: many may be on their way at once.
        with tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as body:
            try:
                await _read(receive, body)  # type: ignore[arg-type]
            except Gone:
                return
            except TooSlow:
                await _short(send, 408)
                return
            except TooLong:
                await _short(send, 413)
                return
            except OSError as error:  # no room to put it down
                log.error("unavailable: %s", error)
                await _short(send, 503)
                return
            loop = asyncio.get_running_loop()
            response = await loop.run_in_executor(self._pool, self._answer, scope, body)
            try:
                await self._send(response, send)
            finally:
                if response.streaming:
                    await loop.run_in_executor(self._pool, _closed, response)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The whole answer in the one thread that made it; of one that is streamed, all but its bytes."""
        set_script_prefix("/")
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            # Nobody but us says under which address the house stands: servers let a client name one in a header.
            response: HttpResponseBase = self.get_response(ASGIRequest({**scope, "root_path": ""}, body))
        except UnicodeDecodeError:
            response = HttpResponseBadRequest()
        response._handler_class = self.__class__  # type: ignore[attr-defined]
        if response.streaming:
            close_old_connections()
        else:
            response.close()
        return response

    async def _send(self, response: HttpResponseBase, send: Send) -> None:
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
        headers += [
            (b"Set-Cookie", cookie.output(header="").strip().encode("ascii")) for cookie in response.cookies.values()
        ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        if not response.streaming:
            await send({"type": "http.response.body", "body": response.content})  # type: ignore[attr-defined]
            return
        if isinstance(response, FileResponse):
            response.block_size = PIECE
        pieces = iter(response)  # type: ignore[call-overload]
        while piece := await asyncio.get_running_loop().run_in_executor(self._pool, _piece, pieces):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})


async def _read(receive: Receive, body: IO[bytes]) -> None:
    """The request's body, as it comes. Raises Gone, TooSlow, TooLong."""
    loop, got = asyncio.get_running_loop(), 0
    began, most = loop.time(), settings.ENVELOPE_LIMIT + ENVELOPE_AND_MORE
    while True:
        try:
            async with asyncio.timeout_at(began + GRACE + got / SLOWEST):
                message = await receive()
        except TimeoutError as late:
            raise TooSlow from late
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        got += len(piece)
        if got > most:
            raise TooLong
        body.write(piece)
        if not message.get("more_body"):
            body.seek(0)
            return


def _piece(pieces: Iterator[bytes]) -> bytes:
    """The next bytes of a long answer, many small pieces in one; empty at its end."""
    got: list[bytes] = []
    size = 0
    for piece in pieces:
        got.append(piece)
        size += len(piece)
        if size >= PIECE:
            break
    return b"".join(got)


def _closed(response: HttpResponseBase) -> None:
    with contextlib.suppress(OSError):
        response.close()


async def _short(send: Send, status: int) -> None:
    headers = [(b"Content-Length", b"0"), (b"Connection", b"close")]
    headers += [(b"Retry-After", RETRY_AFTER.encode())] if status == 503 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
