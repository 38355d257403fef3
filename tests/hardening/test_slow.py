"""Who is slow on purpose holds nobody up: he is cut off or told so, /healthz answers, bids are taken.

The short form has a few against the servers in this process, whose patience is shortened; with `HARDEN` set they are
400 against `manage.py serve` and against nginx of `./mingbiao up`, as patient as those are.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import statistics
import subprocess
import time
from collections import Counter
from types import SimpleNamespace

import pytest

from config import connections, pages
from config.up import engines
from config.up.front import Front
from config.up.parts import listens
from config.up.standing import standing
from tests.config import processes
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
NARROW = ("--empty", "--pages", "1", "--sockets", "1")  # nobody signs in


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


async def attacked(port: int, *, bodies: bool = True) -> str:
    """All of them at once, and how long /healthz takes meanwhile.  bodies: whether those come in drips, as heads do."""
    wire.allow_many()
    addresses = wire.sources()
    some = [next(addresses) for _ in range(8)]
    drips = len(KINDS) if bodies else len(HEADS)
    attack = asyncio.gather(
        *(slow(port, kind, some[turn % 8], drip=turn % 2 == 0 and kind < drips)
          for turn in range(SLOW) for kind in [turn % len(KINDS)])
    )  # fmt: skip
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


def test_nginx_lets_one_address_a_quarter_of_its_bodies_drip_and_not_for_ever(tmp_path):
    """Of a body it has no word for the whole: the rest are told so, and all are cut off when it begins anew."""
    tmp_path.chmod(0o755)
    port = wire.engines.free_port()
    front = Front(
        run=tmp_path, log=tmp_path / "log", listen=f"127.0.0.1:{port}", pages=[tmp_path / "p"], most=2**20,
        sockets=[tmp_path / "s"], static=tmp_path, user="root" if os.geteuid() == 0 else "",
    )  # fmt: skip
    written = front.write()
    assert "worker_shutdown_timeout 30m;" in (text := written.read_text())
    written.write_text(text.replace("worker_shutdown_timeout 30m", "worker_shutdown_timeout 1s"))
    nginx = subprocess.Popen(engines.nginx(written, port=port).command())
    with contextlib.ExitStack() as lines:
        lines.callback(nginx.wait)
        lines.callback(nginx.kill)
        processes.eventually(listens(("127.0.0.1", port)))
        dripping = {lines.enter_context(socket.create_connection(("127.0.0.1", port), 60)) for _ in range(253)}
        for line in dripping:
            line.sendall(BODY)
        processes.eventually(lambda: len(answered(dripping)) >= 3)
        refused = answered(dripping)
        assert [line.recv(12) for line in refused] == [b"HTTP/1.1 429"] * 3
        dripping -= refused
        for line in dripping:
            line.sendall(b"x")
        assert not answered(dripping)
        os.kill(nginx.pid, signal.SIGHUP)
        processes.eventually(lambda: len(answered(dripping)) == 250)
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            line.sendall(HEADS[2] + b"\r\n")
            assert line.recv(12) == b"HTTP/1.1 503"  # nobody is behind it


def answered(lines: set[socket.socket]) -> set[socket.socket]:
    """Those on which something has come, or which have ended."""
    return {*select.select(lines, [], [], 0.2)[0]}


@at_length
def test_nginx_and_the_scaled_house(tmp_path):
    """All but drips of a body, of which the test above is."""
    with wire.engines.home("mb-slow-") as folder, standing(folder, *NARROW) as stack:
        port = int(stack.base.rpartition(":")[2])
        asyncio.run(attacked(port, bodies=False))
        # A bare end of a line is one to nginx, as RFC 9112 §2.2 lets it be; whoever is behind it gets whole ones.
        asyncio.run(check_hidden(SimpleNamespace(port=port), "bare ends"))
