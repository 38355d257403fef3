"""Viewers of a hall, thousands in one process: bare sockets that read frames and note when each came."""

import asyncio
import re
import time
from pathlib import Path

MARK = re.compile(rb'"text":"(\d+)')
PING, PONG = 9, 10
OF_ONE = 500  # viewers from one address: no house lets a thousand in
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Viewer(asyncio.Protocol):
    """One socket: shakes hands, then notes the stamp in every frame and how old it was on arrival."""

    def __init__(self, host: str, path: str) -> None:
        self._hello = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self._got = b""
        self.joined: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.seen: list[tuple[int, float]] = []  # (stamp in ns, seconds it took)
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._hello)  # type: ignore[attr-defined]

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if not self.joined.done():
            self.joined.set_exception(error or ConnectionError("cut before the handshake"))

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self._got += data
        if not self.joined.done():
            head, found, rest = self._got.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head.splitlines()[0], head
            self._got = rest
            self.joined.set_result(time.monotonic())
        got, at = self._got, 0
        while len(got) >= at + 4:
            short = got[at + 1] & 127
            head = {126: 4, 127: 10}.get(short, 2)
            ends = at + head + (short if head == 2 else int.from_bytes(got[at + 2 : at + head], "big"))
            if len(got) < ends:
                break
            if got[at] & 15 == PING:
                payload = got[at + head : ends]
                self._transport.write(bytes([0x80 | PONG, 0x80 | len(payload)]) + bytes(4) + payload)  # type: ignore[attr-defined]
            else:
                for stamp in MARK.finditer(got, at, ends):
                    self.seen.append((int(stamp[1]), (now - int(stamp[1])) / 1e9))
            at = ends
        self._got = got[at:]

    def close(self) -> None:
        self._transport.close()


async def join(where: int | Path, path: str, count: int, *, at_once: int = 100) -> list[Viewer]:
    """That many viewers, in.  where: a port of this machine, or a file a server listens on."""
    loop, viewers, gate = asyncio.get_running_loop(), [], asyncio.Semaphore(at_once)

    async def one(number: int) -> None:
        async with gate:
            if isinstance(where, Path):
                _, viewer = await loop.create_unix_connection(lambda: Viewer("127.0.0.1", path), str(where))
            else:
                own = (f"127.0.0.{2 + number // OF_ONE}", 0)
                _, viewer = await loop.create_connection(
                    lambda: Viewer(f"127.0.0.1:{where}", path), "127.0.0.1", where, local_addr=own
                )
            await viewer.joined
        viewers.append(viewer)

    await asyncio.gather(*map(one, range(count)))
    return viewers


async def all_saw(viewers: list[Viewer], count: int, *, within: float = 60) -> None:
    """Until each has seen that many stamped frames. TimeoutError when one has not."""
    ends = time.monotonic() + within
    while any(len(viewer.seen) < count for viewer in viewers):
        if time.monotonic() > ends:
            raise TimeoutError(f"{sum(len(viewer.seen) < count for viewer in viewers)} viewers lack frames")
        await asyncio.sleep(0.05)


def p99(viewers: list[Viewer], number: int) -> float:
    """Seconds until 99 of 100 viewers had the frame of this number, from 0."""
    taken = sorted(viewer.seen[number][1] for viewer in viewers)
    return taken[int(len(taken) * 0.99) - 1]
