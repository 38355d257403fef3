"""The auction: 200 bidders, each with a quote a second, before 1,000 spectators; against a bare locked counter row.

Both are asked of the same workers in the same run, by the same bidders with their sessions. `SECONDS=20` in the
environment gives a quicker look at the same.
"""

import asyncio
import contextlib
import json
import os
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import Figure, at_least, at_most
from bench.hall import UVICORN
from bench.rush import PATIENCE, _servers_cpu, calm
from bench.site import environment, process, run, wait
from bench.viewers import Viewer
from proofs.auction import replay
from tests import engines

NUMBER = "A-BENCH"
BIDDERS, SPECTATORS, EVERY, WORKERS = 200, 1000, 1.0, 2
SECONDS = float(os.environ.get("SECONDS", "60"))
FRAME = re.compile(rb'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z","kind":"auction\.quoted"')
PRICE = re.compile(rb'"price":"(\d+)\.00"')


@dataclass
class Best:
    """What the bidders have heard of."""

    price: int = 900_000_001


class Spectator(Viewer):
    """A screen: how long after its arrival each accepted quote came up on it."""

    def __init__(self, port: int, path: str, best: Best) -> None:
        super().__init__(f"127.0.0.1:{port}", path)
        self._best = best
        self.ages: list[float] = []

    def data_received(self, data: bytes) -> None:
        now = time.time()
        for stamp in FRAME.finditer(data):
            at = datetime.fromisoformat(stamp[1].decode()).replace(tzinfo=UTC).timestamp()
            self.ages.append(now - at)
        for price in PRICE.finditer(data):
            self._best.price = min(self._best.price, int(price[1]))
        super().data_received(data)


def auction() -> Iterator[Figure]:
    """Throughput of quotes against the floor's, what screens were told and when, and whether the ledger agrees."""
    with _served() as (port, told):
        opened = json.loads(run(["-m", "bench.quoters", "open", str(BIDDERS), str(3 * SECONDS)], told))
        tries, floor, ages, spent = uvloop.run(_measured(port, opened))
        held = json.loads(run(["-m", "bench.quoters", "told"], told))
    ladder = replay(NUMBER, held["entries"])
    rate, bare = len(tries) / SECONDS, len(floor) / SECONDS
    answers = Counter(status for status, _, _ in tries)
    took = sorted(spent_on for _, spent_on, _ in tries)
    text = (
        f"{BIDDERS} bidders × 1/s × {SECONDS:.0f} s before {SPECTATORS:,} screens: {rate:.0f}/s, "
        f"the counter {bare:.0f}/s; "
        f"p99 {took[int(len(took) * 0.99) - 1] * 1000:.0f} ms, CPU of the servers {spent[0] * 1000:.1f} ms a quote, "
        f"{spent[1] * 1000:.1f} ms a count; PostgreSQL, {WORKERS} workers"
    )
    yield at_least("auction", [rate / bare], 0.6, text)
    late = f"{len(ladder.quotes):,} accepted quotes on {SPECTATORS:,} screens, from a quote's arrival; the median \
{statistics.median(ages) * 1000:.0f} ms"
    yield at_most("auction-screens-p99", [sorted(ages)[int(len(ages) * 0.99) - 1]], 0.25, late, unit=" s")
    accepted = Counter(price for status, _, price in tries if status == 200)
    logged = Counter(int(quote.price) for quote in ladder.quotes)
    unknown = sum(1 for status, _, _ in tries if status in (0, 503))
    lost = sum((accepted - logged).values()) + max(0, sum((logged - accepted).values()) - unknown)
    shown = SPECTATORS * len(ladder.quotes) - len(ages)
    other = sum(count for status, count in answers.items() if status not in (0, 200, 422, 503))
    sort = f"{lost} lost or twice, {shown} not shown, {other} answered otherwise"
    story = f"{sort}; {answers[200]:,} accepted, {answers[422]:,} refused, {unknown} unanswered; the log replays"
    yield at_most("auction-wrong", [lost + abs(shown) + other], 0, story, unit="")


async def _measured(
    port: int, opened: dict[str, Any]
) -> tuple[list[tuple[int, float, int]], list[tuple[int, float, int]], list[float], tuple[float, float]]:
    best = Best()
    crowd = await spectators(port, opened, best, SPECTATORS)
    start = _servers_cpu()
    floor = await _all(opened["cookies"], lambda cookies: _count(port, cookies))
    between = _servers_cpu()
    tries = await everybody(port, opened, best)
    await asyncio.sleep(3)  # the last reach their screens
    spent = ((_servers_cpu() - between) / max(1, len(tries)), (between - start) / max(1, len(floor)))
    ages = [age for viewer in crowd for age in viewer.ages]
    for viewer in crowd:
        viewer.close()
    return tries, floor, ages, spent


async def spectators(port: int, opened: dict[str, Any], best: Best, count: int) -> list[Spectator]:
    """So many screens of the auction, in."""
    path = f"/ws/streams/project/{NUMBER}/?after={opened['after'] + 1}"
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(100)
    crowd: list[Spectator] = []

    async def joined() -> None:
        async with gate:
            _, viewer = await loop.create_connection(lambda: Spectator(port, path, best), "127.0.0.1", port)
            await viewer.joined
        crowd.append(viewer)

    await asyncio.gather(*(joined() for _ in range(count)))
    return crowd


async def everybody(port: int, opened: dict[str, Any], best: Best) -> list[tuple[int, float, int]]:
    """Each bidder quotes once a second: status, seconds and price of every try."""
    return await _all(opened["cookies"], lambda cookies: _quote(port, cookies, best))


async def _all(
    sessions: list[str], act: Callable[[str], Awaitable[tuple[int, float, int]]]
) -> list[tuple[int, float, int]]:
    """Everybody acts once a second, or as soon as he has his answer where that takes longer."""
    ends = time.monotonic() + SECONDS
    done: list[tuple[int, float, int]] = []

    async def one(place: int, cookies: str) -> None:
        turn = time.monotonic() + EVERY * place / len(sessions)
        while turn < ends:
            await asyncio.sleep(max(0.0, turn - time.monotonic()))
            told = await act(cookies)
            if time.monotonic() < ends or told[0] == 200:
                done.append(told)
            turn = max(turn + EVERY, time.monotonic())

    await asyncio.gather(*(one(place, cookies) for place, cookies in enumerate(sessions)))
    return done


async def _quote(port: int, cookies: str, best: Best) -> tuple[int, float, int]:
    price = best.price - 1
    body = json.dumps({"quote": str(uuid.uuid4()), "price": f"{price}.00"}).encode()
    status, took = await _ask(port, f"POST /api/projects/{NUMBER}/quotes", cookies, body)
    return status, took, price


async def _count(port: int, cookies: str) -> tuple[int, float, int]:
    status, took = await _ask(port, "POST /bench/count", cookies, b"{}")
    return status, took, 0


async def _ask(port: int, line: str, cookies: str, body: bytes) -> tuple[int, float]:
    start = time.monotonic()
    head = (
        f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\nX-CSRFToken: {'t' * 32}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head.encode() + body)
                answer = await reader.read()
            finally:
                writer.close()
    except OSError:  # TimeoutError is one
        return 0, time.monotonic() - start
    return (int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0), time.monotonic() - start


@contextlib.contextmanager
def _served() -> Iterator[tuple[int, dict[str, str]]]:
    """Two serving workers and a sequencer on PostgreSQL and Redis."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, engines.postgres() as url, engines.redis() as redis:
        told = {**calm(environment(Path(data), url)), "REDIS_URL": redis}
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        port = engines.free_port()
        words = [sys.executable, "-m", "uvicorn", "bench.counter:sockets", "--port", str(port),
                 "--workers", str(WORKERS), *UVICORN, "--http", "config.connections:Connection"]  # fmt: skip
        with process([sys.executable, "manage.py", "sequence"], told), process(words, told):
            wait(port)
            yield port, told
