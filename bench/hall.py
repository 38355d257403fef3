"""Figures of the live hall: one uvicorn process, PostgreSQL and Redis, thousands of viewers."""

import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import uvloop

from bench import viewers
from bench.figures import Figure, at_most
from bench.site import environment, process, run, wait
from tests import engines

STREAM = "project/H-1"
PATH = f"/ws/streams/{STREAM}/"
ROUNDS = 9
FILL = "投标人已确认报价，" * 20  # an entry as long as a hall's are
UVICORN = ["--ws", "websockets-sansio", "--loop", "uvloop", "--ws-per-message-deflate", "false", "--log-level", "error",
           "--lifespan", "off"]  # fmt: skip


def fanout_2000() -> Iterator[Figure]:
    """One entry to 2,000 viewers of one process."""
    yield from _fanout(2000, 2.0)


def fanout_5000() -> Iterator[Figure]:
    """One entry to 5,000 viewers of one process."""
    yield from _fanout(5000, 1.5)


def burst() -> Iterator[Figure]:
    """1,000 entries as fast as they can be recorded, to 1,000 viewers: all, in order, none twice."""
    with _hall() as (port, say):
        missing, spent = uvloop.run(_burst(port, say))
    told = f"1,000 entries in one go to 1,000 viewers: missing, out of order or twice; all there after {spent:.1f} s"
    yield at_most("burst", [missing], 0, told, unit="")


def join_storm() -> Iterator[Figure]:
    """2,000 sockets that come within 5 seconds, each given the whole story so far."""
    with _hall() as (port, say):
        spent = uvloop.run(_storm(port, say))
    yield at_most("join-storm", [spent], 5, "2,000 viewers in and told the story so far", unit=" s")


def _fanout(count: int, goal: float) -> Iterator[Figure]:
    with _hall() as (port, say):
        ours = uvloop.run(rounds(port, PATH, say, count))
    with floor() as (port, say):
        bare = uvloop.run(rounds(port, "/", say, count))
    told = (
        f"one hall entry, from before its transaction to 99 of 100 of {count:,} screens: "
        f"{statistics.median(ours) * 1000:.0f} ms, websockets.broadcast() {statistics.median(bare) * 1000:.0f} ms"
    )
    yield at_most(f"fanout-{count}", [one / statistics.median(bare) for one in ours], goal, told)


async def rounds(port: int, path: str, say: Callable[[int], None], count: int) -> list[float]:
    """The p99 of each round; the first warms everything up."""
    crowd = await viewers.join(port, path, count)
    for number in range(ROUNDS + 1):
        say(1)
        await viewers.all_saw(crowd, number + 1)
        await asyncio.sleep(0.2)
    return [viewers.p99(crowd, number) for number in range(1, ROUNDS + 1)]


async def _burst(port: int, say: Callable[[int], None]) -> tuple[int, float]:
    crowd = await viewers.join(port, PATH, 1000)
    start = time.monotonic()
    say(1000)
    with contextlib.suppress(TimeoutError):
        await viewers.all_saw(crowd, 1000)
    spent = time.monotonic() - start
    await asyncio.sleep(1)
    story = [stamp for stamp, _ in max(crowd, key=lambda viewer: len(viewer.seen)).seen]
    wrong = sum([stamp for stamp, _ in viewer.seen] != story for viewer in crowd)
    return wrong + (len(story) != 1000 or story != sorted(set(story))), spent


async def _storm(port: int, say: Callable[[int], None]) -> float:
    say(100)
    first = await viewers.join(port, PATH, 1)
    await viewers.all_saw(first, 100)
    start = time.monotonic()
    crowd = await viewers.join(port, PATH, 2000, at_once=400)
    await viewers.all_saw(crowd, 100)
    return time.monotonic() - start


@contextlib.contextmanager
def _hall() -> Iterator[tuple[int, Callable[[int], None]]]:
    """The house's sockets in a uvicorn process, and a way to record stamped entries from another process."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, engines.postgres() as url, engines.redis() as redis:
        told = {**environment(Path(data), url), "REDIS_URL": redis}
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        port = engines.free_port()
        words = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), *UVICORN]
        with process(words, told), speaker(told) as say:
            wait(port)
            yield port, say


@contextlib.contextmanager
def speaker(told: dict[str, str]) -> Iterator[Callable[..., None]]:
    """A way to record so many stamped entries, in a stream of one's own if one is named."""
    with _speaker([sys.executable, "-m", "bench.speaker"], told) as say:
        yield say


@contextlib.contextmanager
def floor() -> Iterator[tuple[int, Callable[[int], None]]]:
    """`websockets` with nothing behind it: the words to say come by its standard input."""
    port = engines.free_port()
    with _speaker([sys.executable, "-m", "bench.broadcast", str(port)], environment(Path("/nowhere"))) as say:
        yield port, say


@contextlib.contextmanager
def _speaker(words: list[str], told: dict[str, str]) -> Iterator[Callable[..., None]]:
    with process(words, told) as started:
        assert started.stdin and started.stdout
        assert started.stdout.readline() == b"ready\n"

        def say(count: int, stream: str = "") -> None:
            started.stdin.write(f"{count} {stream}\n".encode())  # type: ignore[union-attr]
            started.stdin.flush()  # type: ignore[union-attr]

        yield say
