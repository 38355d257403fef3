"""Sockets under attack: whoever floods, goes on without end, does not read or brings a crowd is cut off, nobody else.

With `HARDEN` set it is played against a process of the house, thousands at a time.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace

import pytest

from config import connections
from tests.hardening import wire
from tests.hardening.wire import BINARY, HARDEN, MORE, PING, PONG, Refused, Wire, in_short

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded, pytest.mark.timeout(900)]
FLOODERS, SECONDS = (10, 20) if HARDEN else (2, 5)  # so long at most: who is cut off stops
A_SECOND = 1000  # messages of one flooder
IDLE = 2000 if HARDEN else 40
A_SOURCE = connections.PER_SOURCE if HARDEN else 15
MEBIBYTE = 1024  # kibibytes


@pytest.fixture(scope="module")
def apart(tmp_path_factory) -> Iterator[SimpleNamespace | None]:
    """A process of the house for all tests of this file."""
    with wire.house(tmp_path_factory.mktemp("house")) if HARDEN else contextlib.nullcontext() as standing:
        yield standing


@pytest.fixture
async def house(apart, monkeypatch) -> AsyncIterator[SimpleNamespace]:
    """The servers of pages and sockets, and where their process is to be looked at."""
    if apart is not None:
        yield apart
        return
    monkeypatch.setattr(connections, "PER_SOURCE", A_SOURCE)
    async with wire.served() as standing:
        yield standing


async def test_only_our_own_pages_open_a_socket(house):
    port = house.port
    for origin in (
        None, "null", "http://elsewhere.example", f"http://localhost.elsewhere.example:{port}", "http://localhost",
        f"http://localhost:{port}0", f"ftp://localhost:{port}", f"http://elsewhere.example@localhost:{port}",
    ):  # fmt: skip
        with pytest.raises(Refused, match="403"):
            await Wire.opened(port, origin=origin)
    (await Wire.opened(port)).leave()


async def test_what_is_not_understood_ends_with_its_code(house):
    masked = wire.frame(b"{}")
    cases = {
        "too long for the room": (wire.frame(b"x" * 5000), 4009),
        "too long for the line": (wire.frame(b"x" * 20_000), 1009),
        "too long, piece by piece": (
            wire.frame(b"x" * 9000, whole=False) + wire.frame(b"x" * 9000, MORE), 1009
        ),
        "not JSON": (wire.frame(b"{"), 4007),
        "deeper than anything": (wire.frame(b"[" * 4000), 4007),
        "a number without end": (wire.frame(b"9" * 4090), 4003),
        "binary": (wire.frame(b"{}", BINARY), 4003),
        "no command of ours": (wire.frame(b'{"do": "pause"}'), 4003),
        "half a character": (wire.frame(b"\xff\xfe"), 1007),
        "not masked": (bytes([masked[0], 2]) + b"{}", 1002),
        "an unknown kind": (wire.frame(b"", 3), 1002),
        "a reserved bit": (bytes([masked[0] | 64]) + masked[1:], 1002),
        "a long ping": (wire.frame(b"x" * 200, PING), 1002),
        "a piece of nothing": (wire.frame(b"x", MORE), 1002),
    }  # fmt: skip
    ended = {}
    for name, (said, _) in cases.items():
        line = await Wire.opened(house.port)
        line.writer.write(said)
        ended[name] = await line.ended()
        line.leave()
    assert ended == {name: code for name, (_, code) in cases.items()}


@pytest.mark.parametrize(
    ("payload", "opcode", "whole", "code"),
    [(b'{"do": "x"}', 1, True, 4003), (b"9", 1, True, 4003), (b"x" * 125, PING, True, 0), (b"", PONG, True, 0),
     (b"", MORE, False, 0)],
    ids=["commands", "words", "pings", "pongs", "pieces"],
)  # fmt: skip
async def test_a_flood_is_cut_off_and_fills_no_memory(house, payload, opcode, whole, code):
    """As fast as the line takes it, and a thousand a second, by people who read nothing of what comes back."""
    before = wire.memory(house.pid)

    async def flood(fast: bool) -> bool:
        """Whether it was cut off."""
        line = await Wire.opened(house.port, source="127.0.0.9")
        line.writer.transport.pause_reading()
        if opcode == MORE:
            line.say(b"", whole=False)
        said = wire.frame(payload, opcode, whole=whole)
        ends = asyncio.get_running_loop().time() + SECONDS
        try:
            while asyncio.get_running_loop().time() < ends:
                line.writer.write(said * (2000 if fast else A_SECOND // 10))
                await line.writer.drain()
                await asyncio.sleep(0 if fast else 0.1)
        except OSError:
            return True
        finally:
            line.leave()
        return False

    cut = await asyncio.gather(*(flood(fast=turn % 2 == 0) for turn in range(FLOODERS)))

    assert all(cut)
    assert wire.memory(house.pid) - before < 30 * MEBIBYTE
    assert await wire.health(house.port) < wire.PATIENCE


async def test_many_may_watch_and_leave_nothing_behind(house):
    wire.allow_many()
    before, held = wire.memory(house.pid), wire.descriptors(house.pid)
    addresses = wire.sources()
    lines: list[Wire] = []
    for _ in range(IDLE // 10):
        source = next(addresses)
        lines += await asyncio.gather(*(Wire.opened(house.port, source=source) for _ in range(10)))

    assert len(lines) == IDLE
    took = [await wire.health(house.port) for _ in range(5)]
    grown = wire.memory(house.pid) - before
    print(f"{IDLE} idle sockets: {grown / 1024:.0f} MiB, /healthz {max(took) * 1000:.0f} ms at most")  # noqa: T201
    assert grown < 40 * MEBIBYTE + IDLE * 64

    for line in lines:
        line.leave()
    async with asyncio.timeout(wire.PATIENCE):
        while wire.descriptors(house.pid) > held + 20:
            await asyncio.sleep(0.1)


async def test_one_address_brings_no_crowd_and_shuts_nobody_else_out(house):
    wire.allow_many()
    lines: list[Wire] = []
    while len(lines) < A_SOURCE:
        some = min(100, A_SOURCE - len(lines))
        lines += await asyncio.gather(*(Wire.opened(house.port, source="127.0.0.7") for _ in range(some)))

    with pytest.raises(Refused, match=r"429|0"):
        await Wire.opened(house.port, source="127.0.0.7")
    (await Wire.opened(house.port, source="127.0.0.8")).leave()

    for line in lines:
        line.leave()
    async with asyncio.timeout(wire.PATIENCE):
        while True:
            with contextlib.suppress(Refused):
                (await Wire.opened(house.port, source="127.0.0.7")).leave()
                break
            await asyncio.sleep(0.1)
    if not HARDEN:
        assert not connections._held.keys() - {"127.0.0.7", "127.0.0.8"}


@in_short
async def test_a_line_that_nobody_reads_is_given_up():
    """It answers no ping; its end cannot be told to it, for it takes nothing any more."""
    async with wire.served(ws_ping_interval=0.2, ws_ping_timeout=0.2) as house:
        line = await Wire.opened(house.port, limit=1024)
        line.writer.transport.pause_reading()
        (held,) = [each for each in house.state.connections if isinstance(each, connections.Socket)]
        held.transport.set_write_buffer_limits(high=1)
        held.transport.write(bytes(16 * 2**20))

        async with asyncio.timeout(wire.PATIENCE):
            while house.state.connections:
                await asyncio.sleep(0.05)
        line.leave()
