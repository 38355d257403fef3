"""`./mingbiao test`: every test, on SQLite and beside it on PostgreSQL + Redis.

Words given on the command line go to pytest and narrow both runs; `--sqlite` or `--postgres` first keeps one run.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests import engines

# More at a time than there are cores: the long tests mostly wait for clocks. Both engines at once, for the same reason:
# while the journeys of one wait, the other works.
ALONE, BESIDE = 6, {"SQLite": 5, "PostgreSQL + Redis": 3}
# What touches no database (as conftest sees), or looks at pages as they are on any, is proven once; the rest twice.
ONCE = ["tests/proofs", "tests/browser"]

UNSTEADY = 2  # so many tests may fail beside the others and pass alone: more is a fault of the house, not of the load


@dataclass(frozen=True)
class Run:
    """pytest once, with `env` on top of ours; workers: how many tests at a time."""

    name: str
    words: list[str]
    env: dict[str, str]
    workers: int


@contextlib.contextmanager
def tables(database: str) -> Iterator[dict[str, str]]:
    """Empty tables made once, for every worker to copy; yields the setting that says where."""
    with tempfile.TemporaryDirectory(prefix="mb-tables-") as folder:
        own = {"MINGBIAO_DATA": folder, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], env=os.environ | own, check=True)
        yield {"TEST_TABLES": database}


@contextlib.contextmanager
def compiled(words: list[str]) -> Iterator[None]:
    """The tests are compiled beside the block, once: else every worker of a clean clone would do all of it."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", *words]
    own = os.environ | {"DATABASE_URL": "", "REDIS_URL": "", "TEST_TABLES": "none are needed"}
    with subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        yield


def passed(runs: list[Run]) -> bool:
    """Whether all of them did; the first is heard while it runs, the others when they have ended.

    A few that failed are asked again, alone: some measure time, and many at once on two cores may take it from them.
    One that passes then is named aloud, and is to be mended; what fails for a reason fails again.
    """
    with tempfile.TemporaryDirectory(prefix="mb-runs-") as folder, ThreadPoolExecutor(len(runs)) as side_by_side:
        heard = [Path(folder) / f"{at}.log" if at else None for at in range(len(runs))]
        caches = [Path(folder) / f"cache-{at}" for at in range(len(runs))]
        good = list(side_by_side.map(_beside, runs, caches, heard))
        for at, (run, cache) in enumerate(zip(runs, caches, strict=True)):
            kept = cache / "v" / "cache" / "lastfailed"
            failed = sorted(json.loads(kept.read_text())) if not good[at] and kept.exists() else []
            if 0 < len(failed) <= UNSTEADY:
                good[at] = _pytest(run, [*failed], cache)
                if good[at]:
                    _say(f"{run.name}: UNSTEADY, failed beside others and passed alone: {', '.join(failed)}")
        for run, fine in zip(runs, good, strict=True):
            _say(f"{run.name}: {'ok' if fine else 'FAILED'}")
        return all(good)


def _beside(run: Run, cache: Path, heard: Path | None) -> bool:
    """All of a run, file by file, the long ones first; what it says goes into the file when there is one."""
    started = time.monotonic()
    words = ["-n", str(run.workers), "--dist", "loadfile", "--no-loadscope-reorder", *run.words]
    if heard is None:
        _say(run.name)
        good = _pytest(run, words, cache)
    else:
        with heard.open("w") as file:
            good = _pytest(run, words, cache, file=file)
        _say(f"{run.name}\n{heard.read_text()}")
    _say(f"{run.name}: {time.monotonic() - started:.0f} s")
    return good


def _pytest(run: Run, words: list[str], cache: Path, *, file: TextIO | None = None) -> bool:
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}", *words]
    return subprocess.run(command, env=os.environ | run.env, stdout=file, stderr=file).returncode == 0


def _say(words: str) -> None:
    print(f"\n== {words} ==", flush=True)  # noqa: T201


def main(words: list[str]) -> int:
    only = words[0] if words and words[0] in ("--sqlite", "--postgres") else ""
    words = words[1:] if only else words
    workers = dict.fromkeys(BESIDE, ALONE) if only else BESIDE
    runs = []
    with contextlib.ExitStack() as open_till_the_end:
        with compiled(words):
            if only != "--postgres":
                env = {"DATABASE_URL": "", "REDIS_URL": "", "TEST_TABLES": engines.tables()}
                runs.append(Run(name := "SQLite", ["-m", "not scaled", *words], env, workers[name]))
            if only != "--sqlite":
                database, broker = map(open_till_the_end.enter_context, (engines.postgres(), engines.redis()))
                made = open_till_the_end.enter_context(tables(engines.beside(database)))
                env = {"DATABASE_URL": database, "REDIS_URL": broker} | made
                ignored = [] if words else [f"--ignore={folder}" for folder in ONCE]
                chosen = ["-m", "not embedded or both", *ignored, *words]
                runs.append(Run(name := "PostgreSQL + Redis", chosen, env, workers[name]))
        return 0 if passed(runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
