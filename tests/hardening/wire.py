"""The house's servers as they stand at a port, and clients that say to them, byte by byte, what no browser says.

`served()` is the servers of `manage.py serve` in this very process; with `HARDEN` set `house()` is the real thing.
"""

import asyncio
import contextlib
import itertools
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from config.asgi import application
from config.connections import Connection
from config.management.commands.serve import SERVER
from tests import engines
from tests.config import processes

HARDEN = bool(os.environ.get("HARDEN"))  # at length, against processes of their own


def at_length(test: Any) -> Any:
    """A test that there is only at length."""
    return test if HARDEN else None


def in_short(test: Any) -> Any:
    """A test that there is only in the short form: it shortens what is in this very process."""
    return None if HARDEN else test


TEXT, BINARY, CLOSE, PING, PONG, MORE = 1, 2, 8, 9, 10, 0
PATIENCE = 60.0  # seconds


@contextlib.asynccontextmanager
async def served(**more: Any) -> AsyncIterator[SimpleNamespace]:
    """port.  state: what the server holds.  pid: of this process."""
    config = Config(application, **SERVER | more)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
    try:
        yield SimpleNamespace(port=server.sockets[0].getsockname()[1], state=state, pid=os.getpid())
    finally:
        server.close()
        for each in list(state.connections):
            each.transport.abort()
        while state.tasks:
            await asyncio.sleep(0.01)


@contextlib.contextmanager
def house(folder: Path) -> Iterator[SimpleNamespace]:
    """`manage.py serve` with empty tables in a folder."""
    engines.begin(folder)
    port = engines.free_port()
    told = {"MINGBIAO_DATA": str(folder), "PORT": str(port), "DATABASE_URL": "", "REDIS_URL": ""}
    allow_many()
    with processes.running(["manage.py", "serve"], **told) as process:
        processes.eventually(lambda: _answers(port))
        yield SimpleNamespace(port=port, pid=process.pid, state=None)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        return (
            asyncio.run(asked(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))[0] == 200
        )
    return False


def allow_many() -> None:
    """Let this process hold thousands of connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def asked(port: int, said: bytes, *, source: str = "127.0.0.1") -> tuple[int, bytes]:
    """The status and the whole of what comes back for these bytes; 0 where nothing does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        writer.write(said)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
    except ConnectionError:
        answer = b""
    finally:
        writer.close()
    return (int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0), answer


async def health(port: int) -> float:
    """Seconds that /healthz takes now, on a connection of its own, from an address of its own."""
    began = time.perf_counter()
    status, _ = await asked(
        port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", source="127.0.0.250"
    )
    assert status == 200
    return time.perf_counter() - began


class Refused(Exception):
    """The socket was not opened; the status says why."""


class Wire:
    """A socket as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def opened(cls, port: int, *, origin: str | None = "", source: str = "127.0.0.1", path: str = "",
                     more: str = "", limit: int = 2**16) -> "Wire":  # fmt: skip
        """Open one as a browser does; an empty origin is the house's own. Refused with the status."""
        host = f"localhost:{port}"
        said = f"GET {path or '/ws/streams/project/T-1/'} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        said += "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        said += "" if origin is None else f"Origin: {origin or f'http://{host}'}\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0), limit=limit)
        writer.write(f"{said}{more}\r\n".encode())
        async with asyncio.timeout(PATIENCE):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                head = b"HTTP/1.1 0 \r\n"
        status = int(head.split(b" ", 2)[1])
        if status != 101:
            writer.close()
            raise Refused(status)
        return cls(reader, writer)

    def say(self, payload: bytes, opcode: int = TEXT, *, whole: bool = True) -> None:
        """Put a frame on the line."""
        self.writer.write(frame(payload, opcode, whole=whole))

    async def ended(self) -> int:
        """The code it is closed with, 0 where the line is cut; what else comes before is passed over."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    first, second = await self.reader.readexactly(2)
                    size = second & 127
                    if size > 125:
                        size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8))
                    payload = await self.reader.readexactly(size)
                    if first & 15 == CLOSE:
                        return int.from_bytes(payload[:2])
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0

    def leave(self) -> None:
        self.writer.transport.abort()


def frame(payload: bytes, opcode: int = TEXT, *, whole: bool = True) -> bytes:
    """A frame as a client sends it; its mask is zeros."""
    size = len(payload)
    told = (
        bytes([size | 128])
        if size < 126
        else b"\xfe" + size.to_bytes(2)
        if size < 2**16
        else b"\xff" + size.to_bytes(8)
    )
    return bytes([opcode | (128 if whole else 0)]) + told + bytes(4) + payload


def memory(pid: int) -> int:
    """Kibibytes that a process holds now."""
    line = next(each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1])


def descriptors(pid: int) -> int:
    """Files a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def sources() -> Iterator[str]:
    """Addresses of the loopback interface, one after the other."""
    return (f"127.0.{place // 200}.{2 + place % 200}" for place in itertools.count())


assert sys.platform == "linux"  # every address 127.x.y.z is ours there
