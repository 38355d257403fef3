"""What each act costs each part of the stack: `python -m bench.costs` prints the table of `docs/capacity.md`.

One stack of `./mingbiao up`, through nginx, at its own cadence; an act is asked many times, and the CPU every part has
spent meanwhile, less what it spends at rest, is divided by how many were answered. The last line are the words for
`python -m bench.province`. `SECONDS=20` in the environment gives a quicker look at the same.
"""

import contextlib
import http.client
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import uvloop

from bench import auction, hall, rush
from bench.site import run
from bench.stack import TICKS, port_of, stack, told_of, viewers_of
from config.up.standing import Standing

SECONDS = float(os.environ.get("SECONDS", "60"))
PAGES = ("/", "/notices/", "/notices/?q=监测", "/catalogue/")
ENTRIES, VIEWERS, BIDDERS = 1000, 2000, 100
SETTLED = 3.0  # seconds after which nothing of an act is still under way


@dataclass
class Row:
    """An act. times: how often it was answered; spent: CPU seconds of each part; kept: bytes the database grew by."""

    act: str
    times: int
    spent: Mapping[str, float]
    kept: int = 0

    def each(self) -> dict[str, float]:
        """Milliseconds of CPU of each part for one."""
        return {part: 1000 * seconds / self.times for part, seconds in self.spent.items()}


@dataclass
class Measure:
    """A stack at rest, and what is spent beyond that."""

    stands: Standing
    rest: dict[str, float] = field(default_factory=dict)

    def spent(self) -> dict[str, float]:
        """Seconds of CPU every part has used since it began, its children's, alive and gone, among them."""
        return self._by_part(lambda process: sum(map(int, _words(process)[11:15])) / TICKS)

    def memory(self) -> dict[str, float]:
        """MiB of memory of every part, what it shares with others counted by shares."""
        return self._by_part(lambda process: _held(process, "Pss:") / 2**20)

    def _by_part(self, of: Callable[[Path], float]) -> dict[str, float]:
        parents: dict[int, int] = {}
        told: dict[int, float] = {}
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parents[int(process.name)] = int(_words(process)[1])
                told[int(process.name)] = of(process)
        whose = {part["pid"]: name.rpartition("-")[0] or name for name, part in self.stands.now["parts"].items()}
        found: dict[str, float] = defaultdict(float)
        for pid, value in told.items():
            above: int | None = pid
            while above and above not in whose:
                above = parents.get(above)
            if above:
                found[whose[above]] += value
        return found

    def grown(self) -> int:
        """Bytes of the database."""
        with psycopg.connect(self.stands.told["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row
        return int(row[0])

    def settle(self, seconds: float) -> None:
        """What a second of rest costs."""
        time.sleep(SETTLED)
        before = self.spent()
        time.sleep(seconds)
        self.rest = {part: (now - before[part]) / seconds for part, now in self.spent().items()}

    def row(self, act: str, do: Callable[[], int]) -> Row:
        """Do it, and say what it cost."""
        size, before, began = self.grown(), self.spent(), time.monotonic()
        times = do()
        time.sleep(SETTLED)
        took = time.monotonic() - began
        after = self.spent()
        spent = {part: max(0.0, after[part] - before[part] - took * self.rest.get(part, 0)) for part in after}
        return Row(act, times, spent, self.grown() - size)


def rows(stands: Standing) -> Iterator[Row]:
    """Every act in its turn; first what a second of rest costs."""
    measure, told, port = Measure(stands), told_of(stands), port_of(stands)
    for where in PAGES * 2:  # the first request of a process reads what it is to answer with
        _pages(port, where)
    measure.settle(SECONDS / 3)
    yield Row("rest, a second", 1, measure.rest)
    weighs = {part: round(mib) for part, mib in sorted(measure.memory().items())}
    print(f"MiB of memory: {weighs}")  # noqa: T201
    for where in PAGES:
        measured = measure.row(f"page {where}", lambda where=where: _pages(port, where))  # type: ignore[misc]
        yield measured
    with hall.speaker(told) as say:
        yield measure.row("entry", lambda: _entries(say))
        before = _own(stands)
        with viewers_of(_files(stands), ["project/VIEWED"], VIEWERS // 2) as crowd:
            print(f"memory of a viewer: {(_own(stands) - before) / VIEWERS / 1024:.0f} KiB")  # noqa: T201

            def frames() -> int:
                for number in range(20):
                    say(1, "project/VIEWED")
                    crowd.send(number + 1)
                    crowd.heard()
                return 20 * VIEWERS

            yield measure.row("frame to a viewer", frames)
    opened = json.loads(run(["-m", "bench.quoters", "open", str(BIDDERS), str(3 * SECONDS)], told))
    yield measure.row("quote in an auction", lambda: len(uvloop.run(_quotes(port, opened))))
    each = int(SECONDS / rush.EVERY) + 2
    tender = json.loads(
        run(["-m", "bench.bidders", "open", str(BIDDERS), str(each), str(SECONDS * rush.EARLY + 15)], told)
    )
    yield measure.row("bid of two parts", lambda: len(uvloop.run(rush.tries(port, tender, every=rush.EVERY))[0]))


def _pages(port: int, where: str) -> int:
    """So many answers over one connection for a while."""
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
    ends = time.monotonic() + SECONDS / 6
    where = "".join(one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode()) for one in where)
    while time.monotonic() < ends:
        connection.request("GET", where)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (where, answer.status)
        times += 1
    connection.close()
    return times


def _entries(say: Callable[..., None]) -> int:
    for _ in range(ENTRIES):
        say(1, "project/SAID")
    return ENTRIES


async def _quotes(port: int, opened: dict[str, Any]) -> list[tuple[int, float, int]]:
    best = auction.Best()
    watching = await auction.spectators(port, opened, best, 10)
    done = await auction.everybody(port, opened, best)
    for viewer in watching:
        viewer.close()
    return done


def _files(stands: Standing) -> list[str]:
    return [part["where"] for name, part in stands.now["parts"].items() if name.startswith("sockets")]


def _words(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()


def _held(process: Path, *kinds: str) -> int:
    """Bytes of memory of these kinds."""
    lines = (process / "smaps_rollup").read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(kinds))


def _own(stands: Standing) -> int:
    """Bytes of memory that only the socket processes hold."""
    parts = stands.now["parts"].items()
    return sum(_held(Path(f"/proc/{part['pid']}"), "Private_") for name, part in parts if name.startswith("sockets"))


def main() -> None:
    """The table."""
    with stack() as stands:
        found = list(rows(stands))
    parts = sorted({part for row in found for part, seconds in row.spent.items() if seconds > 0})
    print(f"| ms of CPU for one | all | {' | '.join(parts)} | bytes of the database |")  # noqa: T201
    print("|---" * (len(parts) + 3) + "|")  # noqa: T201
    for row in found:
        each = row.each()
        told = " | ".join(f"{each.get(part, 0):.3g}" for part in parts)
        print(f"| {row.act} | {sum(each.values()):.3g} | {told} | {row.kept / row.times:.0f} |")  # noqa: T201
    ms = {row.act: sum(row.each().values()) for row in found}
    page = sum(ms[f"page {where}"] for where in PAGES) / len(PAGES)
    print(  # noqa: T201
        f"bid={ms['bid of two parts']:.1f} page={page:.1f} frame={ms['frame to a viewer']:.4f} "
        f"quote={ms['quote in an auction']:.1f} entry={ms['entry']:.2f}"
    )


if __name__ == "__main__":
    main()
