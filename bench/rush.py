"""The rush: 200 bidders hand in around one deadline, each a new version every few seconds, for a minute.

Their envelopes were uploaded long before, as they may be; what is measured is the small last act with its receipts.
`SECONDS=20` in the environment gives a quicker look at the same.
"""

import asyncio
import contextlib
import json
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench import hangers
from bench.figures import Figure, at_least, at_most
from bench.hall import UVICORN
from bench.site import environment, process, run, serving, wait
from tests import engines

BIDDERS = 200
SECONDS = float(os.environ.get("SECONDS", "60"))
EARLY = 0.75  # of the time is before the deadline
EVERY = 3.0  # seconds from one version of a bidder to his next, 67 a second in all
EVERY_ON_SQLITE = 5.0  # one process and one writer have figures of their own: 40 a second
PATIENCE = 30.0  # seconds a bidder waits for an answer
SLOW, IDLE = 400, 2000
AGAIN = "retry-after"  # the code of an answer that says when to come again
WORKERS = 2
Trouble = Callable[[], Awaitable[str]]
"""What befalls the house while bids are handed in; says what it did."""


@dataclass
class Try:
    """One handing-in: whose, which version, when it was sent and answered, and how."""

    org: str
    version: int
    sent: float
    took: float
    status: int  # 0: no answer
    code: str = ""


def scaled() -> Iterator[Figure]:
    """On PostgreSQL and Redis, two workers."""
    with _scaled() as (port, told):
        yield from figures("rush", port, told, every=EVERY, rate=60, patience=2, on=f"PostgreSQL, {WORKERS} workers")


def scaled_held() -> Iterator[Figure]:
    """The same while 400 slow connections and 2,000 idle sockets hang on."""
    with _scaled() as (port, told):
        on = f"PostgreSQL, {WORKERS} workers, {SLOW} slow connections and {IDLE:,} idle sockets"
        yield from figures("rush-held", port, told, every=EVERY, rate=60, patience=2, on=on, held=True)


def embedded() -> Iterator[Figure]:
    """On SQLite, everything in one process."""
    with _embedded() as (port, told):
        yield from figures(
            "rush-sqlite", port, told, every=EVERY_ON_SQLITE, rate=36, patience=2, on="SQLite, one process"
        )


def embedded_held() -> Iterator[Figure]:
    """The same while 400 slow connections and 2,000 idle sockets hang on."""
    with _embedded() as (port, told):
        on = f"SQLite, one process, {SLOW} slow connections and {IDLE:,} idle sockets"
        yield from figures("rush-sqlite-held", port, told, every=EVERY_ON_SQLITE, rate=36, patience=2, on=on, held=True)


def figures(
    name: str,
    port: int,
    told: dict[str, str],
    *,
    every: float,
    rate: float,
    patience: float,
    on: str,
    held: bool = False,
    trouble: Trouble | None = None,
) -> Iterator[Figure]:
    """Play it and tell the three figures. `trouble` begins with the rush; then an outage may be told, as a 503 that
    says when to come again."""
    each = int(SECONDS / every) + 2
    setting_up = 15 + (30 if held else 0)
    tender = json.loads(
        run(["-m", "bench.bidders", "open", str(BIDDERS), str(each), str(SECONDS * EARLY + setting_up)], told)
    )
    made, hanging, before = uvloop.run(tries(port, tender, every=every, held=held, trouble=trouble))
    spent = _servers_cpu() - before
    kept = json.loads(run(["-m", "bench.bidders", "told"], told))
    took = sorted(one.took for one in made)
    wrong = _wrong(made, kept, closes_at=tender["closes_at"], outages=trouble is not None)
    answers = Counter(one.status for one in made)
    text = f"{BIDDERS} bidders around one deadline, {len(made):,} tries in {SECONDS:.0f} s, \
{spent / len(made) * 1000:.1f} ms of the servers' own CPU each"
    done = sum(1 for one in made if one.status in (200, 409))
    yield at_least(name, [done / SECONDS], rate, f"answers a second: {text}, on {on}", unit="/s")
    late = f"the slowest {took[-1]:.2f} s, the median {took[len(took) // 2] * 1000:.0f} ms"
    yield at_most(f"{name}-p99", [took[int(len(took) * 0.99) - 1]], patience, late, unit=" s")
    sort = ", ".join(f"{count} {what}" for what, count in sorted(wrong.items()) if count) or "none"
    text = f"lost, twice, taken late, refused though a second early, unanswered or 5xx: {sort}; \
{answers[200]:,} receipts, {answers[409]:,} refusals of late ones, {answers[503]:,} told to come again{hanging}"
    yield at_most(f"{name}-wrong", [sum(wrong.values())], 0, text, unit="")


def _servers_cpu() -> float:
    """Seconds of CPU spent by all processes this one has started, and theirs; the database counts only on SQLite."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(words[1])
            spent[int(stat.parent.name)] = int(words[11]) + int(words[12])
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent[pid] for pid in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def _wrong(tries: list[Try], kept: dict[str, Any], *, closes_at: float, outages: bool) -> Counter[str]:
    """What must not have happened, by kind.  outages: whether a 503 may be, if it says when to come again."""
    wrong: Counter[str] = Counter()
    rows = Counter((org, version) for org, _, version in kept["kept"])
    taken = {(one.org, one.version) for one in tries if one.status == 200}
    wrong["lost"] = sum(rows[one] != 2 for one in taken)
    wrong["twice"] = sum(count > 2 for count in rows.values()) + abs(kept["logged"] - len(kept["kept"]))
    newest: dict[str, int] = {}
    for org, version in rows:
        newest[org] = max(version, newest.get(org, 0))
    wrong["live not the newest"] = sum(set(kept["live"].get(org, [])) != {version} for org, version in newest.items())
    unsaid = set(rows) - taken - {(one.org, one.version) for one in tries if one.status == 0}
    wrong["kept without a receipt"] = len(unsaid)
    wrong["refusals not logged"] = abs(kept["refused"] - kept["refusals"])
    for one in tries:
        wrong["taken late"] += one.status == 200 and one.sent >= closes_at
        wrong["refused early"] += one.status == 409 and one.sent < closes_at - 1
        wrong["5xx"] += one.status >= 500 and not (outages and (one.status, one.code) == (503, AGAIN))
        wrong["unanswered"] += one.status == 0
        wrong[f"other {one.status} {one.code}"] += one.status not in (0, 200, 409) and one.status < 500
        wrong[f"409 {one.code}"] += one.status == 409 and one.code not in ("bid.late", "bid.drained")
    return wrong


async def tries(
    port: int, tender: dict[str, Any], *, every: float, held: bool = False, trouble: Trouble | None = None
) -> tuple[list[Try], str, float]:
    """All tries of all bidders, what became of those who hang on, and the servers' CPU time at the beginning."""
    begins = tender["closes_at"] - SECONDS * EARLY
    crowd, slow, hanging = [], [], ""
    if held:
        slow = hangers.hangers(port, SLOW, number=tender["number"], blob=tender["blob"])
        tasks = [asyncio.ensure_future(one.hang()) for one in slow]
        crowd = await hangers.watchers(port, IDLE, number=tender["number"])
    print(f"begins in {begins - time.time():.1f} s", file=sys.stderr)
    await asyncio.sleep(max(0, begins - time.time()))
    begins, before = time.time(), _servers_cpu()
    befalling = asyncio.ensure_future(trouble()) if trouble else None
    found = await asyncio.gather(
        *(_bidder(port, one, tender["number"], begins + n * every / BIDDERS, begins + SECONDS, every)
          for n, one in enumerate(tender["bidders"]))
    )  # fmt: skip
    if befalling:
        hanging = f"; {await befalling}"
    if held:
        for task in tasks:
            task.cancel()
        lost = sum(viewer.lost for viewer in crowd)
        hanging = f"; slow ones cut off {sum(one.cut for one in slow):,} times, one hung on for at most \
{max(one.longest for one in slow):.0f} s, {lost} of the sockets lost"
        for viewer in crowd:
            viewer.close()
    return [one for tries in found for one in tries], hanging, before


async def _bidder(port: int, told: dict[str, Any], number: str, begins: float, ends: float, every: float) -> list[Try]:
    tries: list[Try] = []
    head = (
        f"POST /api/projects/{number}/bids HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {told['cookies']}\r\n"
        f"X-CSRFToken: {'t' * 32}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    )
    version, turn = 1, begins
    while turn < ends and version <= len(told["bodies"]):
        await asyncio.sleep(max(0.0, turn + secrets.randbelow(600) / 1000 - time.time()))
        body = told["bodies"][version - 1].encode()
        sent, start = time.time(), time.perf_counter()
        status, code = await _hand_in(port, head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        tries.append(Try(told["org"], version, sent, time.perf_counter() - start, status, code))
        # Who got no answer, or was told to try again, hands the very same in once more.
        version += status not in (0, 503)
        turn = max(turn + every, time.time())
    return tries


async def _hand_in(port: int, request: bytes) -> tuple[int, str]:
    """Status and first reason of the answer; 0 when there was none in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                answer = await reader.read()
            finally:
                writer.close()
    except OSError as error:  # TimeoutError is one
        return 0, type(error).__name__
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        return 0, "cut"
    status, code = int(head[9:12]), ""
    if status == 503 and b"\r\nretry-after:" in head.lower():
        code = AGAIN
    elif status != 200:
        with contextlib.suppress(ValueError, LookupError):
            code = json.loads(body)["reasons"][0]["code"]
    return status, code


@contextlib.contextmanager
def _scaled() -> Iterator[tuple[int, dict[str, str]]]:
    """Two serving workers, a sequencer, a worker and beat on PostgreSQL and Redis."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, engines.postgres() as url, engines.redis() as redis:
        told = {**calm(environment(Path(data), url)), "REDIS_URL": redis}
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        port = engines.free_port()
        serving = [sys.executable, "-m", "uvicorn", "config.scaled:sockets", "--port", str(port),
                   "--workers", str(WORKERS), *UVICORN, "--http", "config.connections:Connection"]  # fmt: skip
        celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
        beat = [*celery, "beat", "--schedule", f"{data}/beat", "--loglevel", "ERROR"]
        work = [*celery, "worker", "--concurrency", "1", "--loglevel", "ERROR"]
        with (
            process([sys.executable, "manage.py", "sequence"], told),
            process(serving, told),
            process(work, told),
            process(beat, told),
        ):
            wait(port)
            yield port, told


@contextlib.contextmanager
def _embedded() -> Iterator[tuple[int, dict[str, str]]]:
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data:
        told = calm(environment(Path(data)))
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        with serving(told) as house:
            yield house.port, told


def calm(told: dict[str, str]) -> dict[str, str]:
    """The house's own cadence, not the hurried one of tests that kill it."""
    return {name: value for name, value in told.items() if not name.endswith("_EVERY")}
