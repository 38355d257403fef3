"""Who hangs on without getting on is cut off; who waits for us, or watches, is not."""

import asyncio

import pytest
import websockets
from uvicorn import Config
from uvicorn.server import ServerState

from config import connections

SOON = 0.15  # seconds


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(connections, "HEAD", SOON)
    monkeypatch.setattr(connections, "STALLED", SOON)


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(3 * SOON)
        await send({"type": "websocket.send", "text": "still here"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(3 * SOON)
    body = b"x" * (2**24 if scope["path"] == "/long" else 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


class Server:
    """The connections alone, at a port of the loopback interface."""

    async def __aenter__(self):
        self.state = ServerState()
        config = Config(app, ws="websockets-sansio", lifespan="off", log_config=None)
        loop = asyncio.get_running_loop()
        made = lambda: connections.Connection(config, self.state, {})  # noqa: E731
        self.server = await loop.create_server(made, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def said(self, *pieces: bytes) -> bytes:
        """What comes back until the connection ends, when these pieces are sent with pauses between them."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(SOON / 3)
        try:
            async with asyncio.timeout(20 * SOON):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@pytest.mark.parametrize("pieces", [(), (b"GET / HT",), (b"GET / HTTP/1.1\r\n", *[b"X-A: 1\r\n"] * 4)])
async def test_a_head_that_does_not_end_is_cut_off(impatient, pieces):
    async with Server() as server:
        assert await server.said(*pieces) == b""
        assert not server.state.connections


async def test_who_has_asked_is_answered_however_long_it_takes(impatient):
    async with Server() as server:
        assert await server.said(b"GET /slow HTTP/1.1\r\nHost: x\r\n", b"Connection: close\r\n\r\n")


async def test_the_next_request_of_a_connection_is_timed_for_itself(impatient):
    async with Server() as server:
        again = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        assert (await server.said(again, again, b"GET / H")).count(b"200 OK") == 2
        assert not server.state.connections


async def test_an_answer_nobody_takes_is_given_up(impatient):
    async with Server() as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
        writer.transport.pause_reading()
        writer.write(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(SOON / 2)
        assert server.state.connections
        await asyncio.sleep(2 * SOON)
        assert not server.state.connections
        writer.close()


async def test_a_socket_that_only_watches_is_left_alone(impatient):
    async with Server() as server, websockets.connect(f"ws://127.0.0.1:{server.port}/") as socket:
        assert await socket.recv() == "still here"
