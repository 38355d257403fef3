"""Who is slow on purpose holds nobody up: he is cut off or told so, /healthz answers, bids are taken.

The short form has a few against the servers in this process, whose patience is shortened; with `HARDEN` set they are
400 against `manage.py serve` and against nginx of `./mingbiao up`, as patient as those are.
"""

import asyncio
import json
import statistics
import time
from collections import Counter
from types import SimpleNamespace

import pytest

from config import connections, pages
from config.up.standing import standing
from tests.hardening import wire
from tests.hardening.test_edges import check_hidden
from tests.hardening.wire import HARDEN, at_length, in_short
from tests.races.house import Bidder, House, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.embedded, pytest.mark.timeout(900)]
SLOW = 400 if HARDEN else 24
PATIENT = 45.0 if HARDEN else 1.0  # seconds after which nobody slow may still be there
HEADS = (b"", b"GET / HTTP/1.1\r\nHost: loc", b"GET / HTTP/1.1\r\nHost: localhost\r\n")
POST = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
BODY = POST + b"Content-Length: 9000\r\n\r\nx"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
KINDS = (*HEADS, BODY, CHUNKED)


async def slow(port: int, kind: int, source: str, *, drip: bool) -> tuple[float, int]:
    """Say the beginning of a request, then next to nothing; for how long one is let, and what one is told."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    began, answer = time.monotonic(), b""
    dripping = (b"X-A: 1\r\n", b"1\r\nx\r\n", b"x")[0 if kind < 3 else 1 if KINDS[kind] is CHUNKED else 2]
    try:
        writer.write(KINDS[kind])
        while time.monotonic() - began < 3 * PATIENT + 5:
            try:
                async with asyncio.timeout(PATIENT / 9):
                    got = await reader.read(2000)
            except TimeoutError:
                if drip and KINDS[kind]:
                    writer.write(dripping)
                continue
            if not got:
                break
            answer += got
        else:
            return float("inf"), 0
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()
    return time.monotonic() - began, int(answer.split(b" ", 2)[1]) if answer else 0


async def attacked(port: int, *, drips: bool = True) -> str:
    """All of them at once, and how long /healthz takes meanwhile."""
    wire.allow_many()
    addresses = wire.sources()
    some = [next(addresses) for _ in range(8)]
    attack = asyncio.gather(
        *(slow(port, turn % len(KINDS), some[turn % 8], drip=drips and turn % 2 == 0) for turn in range(SLOW))
    )
    await asyncio.sleep(PATIENT / 20)
    took = []
    while not attack.done():
        took.append(await wire.health(port))
        await asyncio.sleep(PATIENT / 20)
    ended = await attack
    longest = max(lasted for lasted, _ in ended)
    told = (
        f"{SLOW} slow: /healthz {statistics.median(took) * 1000:.0f} ms, at most {max(took) * 1000:.0f} ms; "
        f"the last was cut off after {longest:.0f} s; told {dict(Counter(status for _, status in ended))}"
    )
    print(told)  # noqa: T201
    assert longest < 2 * PATIENT + 5, told
    assert {status for _, status in ended} <= {0, 400, 408}, told
    assert statistics.median(took) < 1, told
    return told


@in_short
async def test_slow_heads_and_bodies_hold_nobody_up(monkeypatch):
    monkeypatch.setattr(connections, "HEAD", 0.4)
    monkeypatch.setattr(pages, "GRACE", 0.4)
    async with wire.served() as house:
        await attacked(house.port)


@at_length
def test_the_house_takes_bids_meanwhile(tmp_path):
    wire.engines.begin(tmp_path)
    house = House(environment(tmp_path))
    try:
        house.run("migrate", "--verbosity", "0")
        bidders = [Bidder(row) for row in json.loads(house.run("open", "2"))]
        house.start()
        stop = asyncio.Event()

        async def bid() -> None:
            while not stop.is_set():
                for bidder in bidders:
                    if not bidder.full:
                        await asyncio.to_thread(bidder.turn, house.port)
                await asyncio.sleep(1)

        async def played() -> None:
            bidding = asyncio.ensure_future(bid())
            await attacked(house.port)
            stop.set()
            await bidding

        asyncio.run(played())
        assert sum(len(bidder.receipts) for bidder in bidders) >= 2 * len(bidders)
    finally:
        house.close()


@at_length
def test_nginx_and_the_scaled_house(tmp_path):
    """Drips of a body are let by nginx for as long as one comes every thirty seconds: it has no word for the whole."""
    with wire.engines.home("mb-slow-") as folder, standing(folder, "--pages", "1", "--sockets", "1") as stack:
        port = int(stack.base.rpartition(":")[2])
        asyncio.run(attacked(port, drips=False))
        asyncio.run(check_hidden(SimpleNamespace(port=port)))
