"""Hours of mixed life on the whole stack: does anything grow, or fall behind?  `HOURS=4` unless told.

Whole procurements are rehearsed one after the other, each by its parties' own processes; readers read, and viewers come
to the halls and go. Once a minute every process is asked for its memory and its open files, and the house for how late
it is. What grows is told by the slope after the first quarter, in which caches fill: the median of those between any
two looks, for a process that looks at a password holds a hundred MiB for a moment.
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from bench import viewers
from bench.figures import Figure, at_most
from bench.site import ROOT
from bench.stack import port_of
from config.up.parts import free_port
from config.up.standing import Standing, standing

HOURS = float(os.environ.get("HOURS", "4"))
KINDS = ("tender", "quotes", "negotiation", "two-envelope")
PAGES = (
    "/",
    "/notices/",
    "/notices/?q=%E7%9B%91%E6%B5%8B",
    "/catalogue/",
    "/statistics/",
    "/log/checkpoint",
    "/readyz",
)
STEP = min(60.0, HOURS * 3600 / 40)  # seconds from one look to the next
PEOPLE, STAY = 100, 40.0  # viewers at a time, and seconds they stay
LATE = re.compile(r'^mingbiao_(sequencer_lag_seconds|tick_late_seconds\{tick="[^"]+"\}) (\S+)$', re.M)
MIB = 2**20


@dataclass
class Life:
    """What was seen.  memory, files: by part and process, (hours since the beginning, bytes or files)."""

    stands: Standing
    metrics: str
    began: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    late: list[tuple[float, float]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def now(self) -> float:
        """Hours since the beginning."""
        return (time.monotonic() - self.began) / 3600

    def rehearse(self) -> None:
        """Procurements of every kind, one after the other."""
        stands = self.stands.folder
        told = {
            "BASE_URL": self.stands.base,
            "CAST": str(stands / "data" / "demo.json"),
            "PARTIES": str(stands / "parties"),
        }
        for kind in itertools.cycle(KINDS):
            if self.over.is_set():
                return
            words = [sys.executable, "-m", "rehearsal"]
            ended = subprocess.run(
                words, cwd=ROOT, env=os.environ | told | {"KIND": kind}, capture_output=True, text=True
            )
            self.done[kind] += 1
            if ended.returncode:
                self.wrong.append(f"{kind}: {ended.stderr[-500:]}")

    def read(self) -> None:
        """Two pages a second."""
        for where in itertools.cycle(PAGES):
            if self.over.wait(0.5):
                return
            connection = http.client.HTTPConnection("127.0.0.1", port_of(self.stands), timeout=30)
            with contextlib.closing(connection):
                try:
                    connection.request("GET", where)
                    status = connection.getresponse().status
                except OSError as error:
                    status = 0
                    self.wrong.append(f"{where}: {error}")
                self.done[f"page {status}"] += 1
                if status >= 500:
                    self.wrong.append(f"{where}: {status}")

    def view(self) -> None:
        """Viewers who come and go."""
        while not self.over.is_set():
            uvloop.run(self._visit())

    async def _visit(self) -> None:
        crowd = await viewers.join(port_of(self.stands), "/ws/streams/keys/", PEOPLE)
        self.done["viewers"] += len(crowd)
        ends = time.monotonic() + STAY
        while time.monotonic() < ends and not self.over.is_set():
            await asyncio.sleep(0.5)
        for viewer in crowd:
            viewer.close()

    def look(self) -> None:
        """Memory and files of every process of every part, and how late the house is."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        for name, part in self.stands.now["parts"].items():
            ours = {part["pid"]}
            while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
                ours |= more
            with contextlib.suppress(OSError):
                own = sum(_own(pid) for pid in ours)
                held = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in ours)
                self.memory[name].append((self.now(), own))
                self.files[name].append((self.now(), held))
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=20) as told:
            worst = max(float(value) for _, value in LATE.findall(told.read().decode()))
            self.late.append((self.now(), worst))
        # Told as it goes on: of a soak that is cut short this is what is left.
        held = {name: round(seen[-1][1] / MIB, 1) for name, seen in self.memory.items()}
        opened = {name: int(seen[-1][1]) for name, seen in self.files.items()}
        lived = {"hours": round(self.now(), 3), "MiB": held, "files": opened, "late": self.late[-1:], "done": self.done}
        print(json.dumps(lived), file=sys.stderr, flush=True)


def _own(pid: int) -> int:
    """Bytes of memory a process shares with nobody."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))


def slope(seen: Sequence[tuple[float, float]]) -> float:
    """Growth an hour, of what was seen after the first quarter."""
    settled = [one for one in seen if one[0] >= seen[-1][0] / 4]
    return statistics.median(
        (later - sooner) / (then - at) for (at, sooner), (then, later) in itertools.combinations(settled, 2)
    )


def soak() -> Iterator[Figure]:
    """Live, and say what grew."""
    metrics = f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="mb-soak-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with standing(Path(folder) / "up", MINGBIAO_METRICS=metrics) as stands:
            life = Life(stands, metrics)
            busy = [threading.Thread(target=each) for each in (life.rehearse, life.read, life.view)]
            for each in busy:
                each.start()
            while life.now() < HOURS:
                time.sleep(STEP)
                life.look()
            life.over.set()
            for each in busy:
                each.join()
    yield from figures(life)


def figures(life: Life) -> Iterator[Figure]:
    """What came of it."""
    grown = {name: slope(seen) / MIB for name, seen in life.memory.items()}
    files = {name: slope(seen) for name, seen in life.files.items()}
    lived = f"{HOURS:g} h of {json.dumps(life.done)} on the whole stack"
    # The memory of the database and of Redis is a cache they were given, the stand-in of S3 keeps its files in memory;
    # and each process of PostgreSQL keeps open what tables it has touched, up to its `max_files_per_process`.
    ours = {name: mib for name, mib in grown.items() if name not in ("postgres", "redis", "s3")}
    most = max(ours, key=lambda name: ours[name])
    told = ", ".join(f"{name} {mib:+.1f}" for name, mib in sorted(grown.items()))
    yield at_most(
        "soak-memory", [ours[most]], 1, f"MiB an hour of the part that grew most, {most}; {told}; {lived}", unit=""
    )
    opened = max((name for name in files if name != "postgres"), key=lambda name: files[name])
    told = ", ".join(f"{name} {count:+.1f}" for name, count in sorted(files.items()))
    yield at_most("soak-files", [files[opened]], 1, f"open files an hour more of {opened}; {told}", unit="")
    latest = max(seconds for _, seconds in life.late)
    told = f"seconds an hour that the latest tick or the sequencer fell behind; at most {latest:.1f} s late"
    yield at_most("soak-late", [slope(life.late)], 1, told, unit="")
    yield at_most("soak-wrong", [len(life.wrong)], 0, f"what failed: {'; '.join(life.wrong[:3]) or 'nothing'}", unit="")
