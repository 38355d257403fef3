"""Figures of the whole stack of `./mingbiao up`, through nginx, on two cores."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
import uvloop

from bench import hall, rush
from bench.figures import Figure, at_most
from bench.site import environment, process, run
from config.up.parts import free_port
from config.up.standing import Standing, standing
from tests import engines

CROWD = 20_000  # viewers of ten halls on four processes
HALLS, SERVERS = 10, 4
ENTRIES = 10  # said in each hall while the cost is measured
FEW = 200  # viewers of each hall the cost is held against
REQUESTS, ROUNDS, STARTS = 2000, 5, 3
TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def stack(*words: str) -> Iterator[Standing]:
    """The stack with nothing in it but empty tables, at its own cadence."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with standing(Path(folder) / "up", "--empty", "--per-source", "50000", *words) as stands:
            yield stands


def told_of(stands: Standing) -> dict[str, str]:
    """The environment of a stack's processes, at the house's own cadence."""
    return rush.calm(environment(Path())) | stands.told


def port_of(stands: Standing) -> int:
    """Where its nginx listens."""
    return int(urlsplit(stands.base).port or 0)


def fanout() -> Iterator[Figure]:
    """One entry to 2,000 viewers, half on each of two processes, with Redis between them and nginx in front."""
    with stack("--sockets", "2") as stands, hall.speaker(told_of(stands)) as say:
        ours = uvloop.run(hall.rounds(port_of(stands), hall.PATH, say, 2000))
    with hall.floor() as (port, say):
        bare = uvloop.run(hall.rounds(port, "/", say, 2000))
    floor = statistics.median(bare)
    told = (
        f"one hall entry to 99 of 100 of 2,000 screens on two processes behind nginx: "
        f"{statistics.median(ours) * 1000:.0f} ms, websockets.broadcast() in one {floor * 1000:.0f} ms"
    )
    yield at_most("stack-fanout-2000", [one / floor for one in ours], 2.0, told)


def crowd() -> Iterator[Figure]:
    """20,000 viewers of ten halls on four processes: what one frame to one of them costs, against 2,000 viewers."""
    with stack("--sockets", str(SERVERS), "--pages", "1") as stands, hall.speaker(told_of(stands)) as say:
        few, few_all = _crowd(stands, say, FEW)
        many, many_all = _crowd(stands, say, CROWD // HALLS)
    told = (
        f"CPU of the socket processes for each frame that reached a viewer, {CROWD:,} viewers of {HALLS} halls on "
        f"{SERVERS} processes ({statistics.median(many) * 1e6:.1f} µs, an entry on all {CROWD // HALLS:,} screens of "
        f"its hall after {many_all:.2f} s, all halls speaking at once), against {FEW * HALLS:,} viewers "
        f"({statistics.median(few) * 1e6:.1f} µs, {few_all:.2f} s)"
    )
    yield at_most("viewers-20000", [one / statistics.median(few) for one in many], 1.25, told)


def _crowd(stands: Standing, say: Callable[..., None], each: int) -> tuple[list[float], float]:
    """CPU seconds for one frame to one viewer in each round, and the median of the seconds until all of a hall saw."""
    names = [f"sockets-{number + 1}" for number in range(SERVERS)]
    pids = [stands.pid(name) for name in names]
    files = [stands.now["parts"][name]["where"] for name in names]
    halls = [f"project/C-{each}-{number}" for number in range(HALLS)]
    costs, waits = [], []
    with contextlib.ExitStack() as stack:
        crowds = [stack.enter_context(viewers_of(half, halls, each // SERVERS)) for half in (files[::2], files[1::2])]
        for number in range(ENTRIES + 1):
            before = sum(map(_spent, pids))
            for stream in halls:
                say(1, stream)
            for crowd in crowds:
                crowd.send(number + 1)
            slowest = [seconds for crowd in crowds for seconds in crowd.heard()]
            time.sleep(1)
            if number:  # the first warms everything up
                costs.append((sum(map(_spent, pids)) - before) / (each * HALLS))
                waits += slowest
    return costs, statistics.median(waits)


@dataclass(frozen=True)
class Crowd:
    """Viewers in a process of their own (`bench.crowd`)."""

    started: "subprocess.Popen[bytes]"

    def send(self, told: object) -> None:
        """A line to it."""
        assert self.started.stdin
        self.started.stdin.write(json.dumps(told).encode() + b"\n")
        self.started.stdin.flush()

    def heard(self) -> list[float]:
        """Its next line."""
        assert self.started.stdout
        return list(json.loads(self.started.stdout.readline()))


@contextlib.contextmanager
def viewers_of(files: Sequence[str], halls: Sequence[str], count: int) -> Iterator[Crowd]:
    """So many viewers of each hall on each of these servers."""
    with process([sys.executable, "-m", "bench.crowd"], environment(Path("/nowhere"))) as started:
        crowd = Crowd(started)
        crowd.send([[file, f"/ws/streams/{stream}/", count] for stream in halls for file in files])
        assert started.stdout and started.stdout.readline() == b"ready\n"
        yield crowd


def _spent(pid: int) -> float:
    """Seconds of CPU a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def rush_and_faults() -> Iterator[Figure]:
    """The rush through nginx, while a worker, Redis, the sequencer and the connections of the database die."""
    with stack() as stands:
        told = told_of(stands)
        yield from rush.figures(
            "stack-rush", port_of(stands), told, every=rush.EVERY, rate=60, patience=2,
            on="the whole stack behind nginx", trouble=lambda: _trouble(stands, told),
        )  # fmt: skip


async def _trouble(stands: Standing, told: dict[str, str]) -> str:
    """One after the other, a sixth of the time apart."""
    apart = rush.SECONDS / 6
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("a page server killed", lambda: os.kill(stands.pid("pages-1"), signal.SIGKILL)),
        ("Redis emptied", lambda: redis.Redis.from_url(told["REDIS_URL"]).flushall()),
        ("Redis killed", lambda: os.kill(stands.pid("redis"), signal.SIGKILL)),
        ("all database connections cut", lambda: _cut(told["DATABASE_URL"])),
        ("the sequencer killed", lambda: os.kill(stands.pid("sequencer-1"), signal.SIGKILL)),
    )
    for _, act in acts:
        await asyncio.sleep(apart)
        await asyncio.to_thread(act)
    return ", ".join(name for name, _ in acts)


def _cut(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                           "AND backend_type = 'client backend'")  # fmt: skip


def pages() -> Iterator[Figure]:
    """Two plain views behind the house's middleware, against Django as `startproject` makes it; both on granian."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, engines.postgres() as url:
        told = rush.calm(environment(Path(data), url))
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        views = {"empty": "an empty view", "listed": "a page of one query and twenty rows"}
        pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in views}
        for _ in range(STARTS):  # where a process happens to lie in memory is worth a twentieth
            with _granian("bench.empty:house", told) as ours, _granian("bench.empty:plain", told) as bare:
                for name in views:
                    at = f"/bench/{name}/"
                    pairs[name] += [(_cost(*ours, at), _cost(*bare, at)) for _ in range(ROUNDS + 1)][1:]
        for name, what in views.items():
            floor = statistics.median(each[1] for each in pairs[name])
            text = f"CPU of granian for {what} behind the house's middleware, against plain Django's"
            yield at_most(
                f"http-{name}", [house / plain for house, plain in pairs[name]], 1.2, f"{text} ({floor * 1e6:.0f} µs)"
            )


@contextlib.contextmanager
def _granian(target: str, told: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A page server of one process; its port and process."""
    port = free_port()
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "1",
             "--blocking-threads", "2", "--log-level", "error", "--port", str(port), target]  # fmt: skip
    with process(words, told) as started:
        ends = time.monotonic() + 60
        while _ask(port, "/bench/empty/", 1) and time.monotonic() < ends:
            time.sleep(0.2)
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(started.pid)], capture_output=True, text=True)
        yield port, int(children.stdout.split()[0])


def _ask(port: int, at: str, times: int) -> int:
    """How many of so many requests over one connection were not answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wrong = 0
    try:
        for _ in range(times):
            connection.request("GET", at)
            answer = connection.getresponse()
            answer.read()
            wrong += answer.status != 200
    except OSError:
        return times
    finally:
        connection.close()
    return wrong


def _cost(port: int, pid: int, at: str) -> float:
    """CPU seconds of the server for one request at an address."""
    before = _spent(pid)
    assert _ask(port, at, REQUESTS) == 0
    return (_spent(pid) - before) / REQUESTS
