"""The figures themselves. Their labels are closed sets of words: no project, organisation or person is ever one.

Imported only where figures are wanted. The files lie in memory: on a disk that is full, writing to a mapped file
kills the process.
"""

import hashlib
import os
from bisect import bisect_left
from collections import Counter as Counted
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.mmap_dict import MmapedDict


class NotOurs(RuntimeError):
    """The folder of figures belongs to somebody else, who could tell us anything."""


def folder() -> Path:
    """Where the processes of this machine and this data folder keep their figures; made on first use."""
    name = hashlib.sha256(str(settings.DATA).encode()).hexdigest()[:12]
    memory = Path("/dev/shm")
    place = memory / f"mingbiao-{os.getuid()}-{name}" if memory.is_dir() else settings.DATA / "metrics"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.stat().st_uid != os.getuid() or place.is_symlink():
        raise NotOurs(str(place))
    return Path(place)


# Where values are kept is chosen when the client is first loaded, by this word: chosen anew here, whoever loaded it.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder())
values.ValueClass = values.get_value_class()

GONE = "gone"  # in the place of a process's number: what those counted that have ended
NOWHERE = CollectorRegistry()  # what is read are the files
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Histogram(
    "mingbiao_request_seconds", "Answers by kind of request and status, and how long they took",
    ["kind", "status"], buckets=SECONDS, registry=NOWHERE,
)  # fmt: skip
WAITING = Gauge(
    "mingbiao_request_waiting_seconds", "How long ago the oldest request came that is not answered yet",
    multiprocess_mode="livemax", registry=NOWHERE,
)  # fmt: skip
UNDERWAY = Gauge(
    "mingbiao_requests_underway", "Requests being answered, in steps of sixteen a process",
    multiprocess_mode="livesum", registry=NOWHERE,
)  # fmt: skip
VIEWERS = Gauge(
    "mingbiao_viewers", "Sockets of all halls together, in steps of sixteen a process",
    multiprocess_mode="livesum", registry=NOWHERE,
)  # fmt: skip
POOL = Gauge(
    "mingbiao_pool_connections", "Database connections of the pools", ["state"],
    multiprocess_mode="livesum", registry=NOWHERE,
)  # fmt: skip
POOL_WAITING = Gauge(
    "mingbiao_pool_waiting", "Requests that wait for a database connection, in steps of sixteen a process",
    multiprocess_mode="livesum", registry=NOWHERE,
)  # fmt: skip
TICKS = Gauge(
    "mingbiao_tick_finished_timestamp_seconds", "When each tick last ran to its end", ["tick"],
    multiprocess_mode="max", registry=NOWHERE,
)  # fmt: skip
BEHIND = Gauge(
    "mingbiao_clock_behind_seconds", "How far the machine's clock is behind the highest instant seen",
    multiprocess_mode="livemax", registry=NOWHERE,
)  # fmt: skip
SKEW = Gauge(
    "mingbiao_clock_skew_seconds", "How far another's clock is from ours; positive: theirs is ahead", ["against"],
    multiprocess_mode="livemax", registry=NOWHERE,
)  # fmt: skip
FAILURES = Counter(
    "mingbiao_failures", "Marked work that failed: storage, witnesses, the sequencer's turns", ["does"],
    registry=NOWHERE,
)  # fmt: skip


def observed(histogram: Histogram, seconds: Sequence[float]) -> None:
    """Observe many at once: `observe` locks and writes twice for each."""
    places = Counted(bisect_left(SECONDS, each) for each in seconds)
    for place, count in places.items():
        histogram._buckets[place].inc(count)
    histogram._sum.inc(sum(seconds))


def fold(folder: Path) -> None:
    """Add what ended processes have counted to one file, and forget what was so in them while they lived.

    Files are not left to pile up, and no count ever goes back, which would look like a burst.
    """
    for path in sorted(folder.glob("*.db")):
        sort, number = path.stem.rsplit("_", 1)
        if number == GONE or alive(int(number)):
            continue
        if not sort.startswith("gauge_live"):
            mode = "set" if sort.startswith("gauge") else "add"
            _into(folder / f"{sort}_{GONE}.db", path, mode)
        path.unlink(missing_ok=True)


def _into(target: Path, path: Path, mode: str) -> None:
    kept = MmapedDict(str(target))
    try:
        for key, value, timestamp, _ in MmapedDict.read_all_values_from_file(str(path)):
            had = kept.read_value(key)[0]
            kept.write_value(key, had + value if mode == "add" else max(had, value), timestamp)
    finally:
        kept.close()


def alive(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
