"""Who hangs on while others bid: slow request heads, slow bodies, slow readers, and sockets that only watch."""

import asyncio
import contextlib
import socket
import time

from bench import viewers

BEAT = 1.0  # seconds between the bytes of a slow one


class Hanger:
    """One slow connection, opened anew whenever the house has had enough of it."""

    def __init__(self, port: int, opening: bytes, drop: bytes) -> None:
        self.port, self.opening, self.drop = port, opening, drop
        self.cut = 0  # how often the house has cut it off
        self.since = time.monotonic()
        self.longest = 0.0  # seconds one connection was left hanging

    async def hang(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(OSError):
                await self._once()
            self.cut += 1
            await asyncio.sleep(BEAT)

    async def _once(self) -> None:
        loop, plug = asyncio.get_running_loop(), socket.socket()
        with plug:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plug.setblocking(False)
            await loop.sock_connect(plug, ("127.0.0.1", self.port))
            self.since = time.monotonic()
            try:
                await loop.sock_sendall(plug, self.opening)
                while True:
                    await asyncio.sleep(BEAT)
                    if self.drop:
                        await loop.sock_sendall(plug, self.drop)
                        continue
                    with contextlib.suppress(BlockingIOError):
                        if not plug.recv(1):  # a byte a second of a long answer
                            return
            finally:
                self.longest = max(self.longest, time.monotonic() - self.since)


def hangers(port: int, count: int, *, number: str, blob: str) -> list[Hanger]:
    """As many of each kind: a head that never ends, a body that trickles, an answer hardly read."""
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    kinds = [
        (b"GET / HTTP/1.1\r\n" + host, b"X-Slow: 1\r\n"),
        (
            f"POST /api/projects/{number}/bids HTTP/1.1\r\n".encode()
            + host
            + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{",
            b" ",
        ),
        (f"GET /blobs/{blob} HTTP/1.1\r\n".encode() + host + b"\r\n", b""),
    ]
    return [Hanger(port, *kinds[n % len(kinds)]) for n in range(count)]


async def watchers(port: int, count: int, *, number: str) -> list[viewers.Viewer]:
    """Sockets in the hall that say nothing."""
    return await viewers.join(port, f"/ws/streams/project/{number}/", count)
