"""`./mingbiao test`: every test, on SQLite and then on PostgreSQL + Redis.

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
from pathlib import Path

from tests import engines

# Six at a time on two cores: the long tests mostly wait for clocks.
# What touches no database (as conftest sees), or looks at pages as they are on any, is proven once; the rest twice.
ONCE = ["tests/proofs", "tests/browser"]

UNSTEADY = 2  # so many tests may fail beside the others and pass alone: more is a fault of the house, not of the load


@contextlib.contextmanager
def tables(database: str) -> Iterator[dict[str, str]]:
    """Empty tables made once, for every worker to copy; yields the setting that says where."""
    with tempfile.TemporaryDirectory(prefix="mb-tables-") as folder:
        own = {"MINGBIAO_DATA": folder, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], env=os.environ | own, check=True)
        yield {"TEST_TABLES": database}


@contextlib.contextmanager
def compiled(env: dict[str, str]) -> Iterator[None]:
    """The tests are compiled beside the block, once: else every worker of a clean clone would do all of it."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-qq"]
    own = os.environ | env | {"TEST_TABLES": "none are needed"}
    with subprocess.Popen(words, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        yield


def run(name: str, words: list[str], env: dict[str, str]) -> bool:
    """Run pytest once with `env` on top of ours; tells whether all passed.

    A few that failed are asked again, alone: some measure time, and six at once on two cores may take it from them.
    One that passes then is named aloud, and is to be mended; what fails for a reason fails again.
    """
    print(f"\n== {name} ==", flush=True)  # noqa: T201
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mb-cache-") as cache:
        command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}"]
        beside = ["-n", "6", "--dist", "loadfile", "--no-loadscope-reorder"]
        passed = subprocess.run([*command, *beside, *words], env=os.environ | env).returncode == 0
        kept = Path(cache) / "v" / "cache" / "lastfailed"
        failed = sorted(json.loads(kept.read_text())) if not passed and kept.exists() else []
        if 0 < len(failed) <= UNSTEADY:
            passed = subprocess.run([*command, *failed], env=os.environ | env).returncode == 0
            if passed:
                print(f"== {name}: UNSTEADY, failed beside others and passed alone: {', '.join(failed)} ==", flush=True)  # noqa: T201
    print(f"== {name}: {'ok' if passed else 'FAILED'}, {time.monotonic() - started:.0f} s ==", flush=True)  # noqa: T201
    return passed


def main(words: list[str]) -> int:
    only = words[0] if words and words[0] in ("--sqlite", "--postgres") else ""
    words = words[1:] if only else words
    passed = True
    if only != "--postgres":
        env = {"DATABASE_URL": "", "REDIS_URL": ""}
        with compiled(env):
            env["TEST_TABLES"] = engines.tables()
        passed = run("SQLite", ["-m", "not scaled", *words], env) and passed
    if only != "--sqlite":
        ignored = [] if words else [f"--ignore={folder}" for folder in ONCE]
        with engines.postgres() as database, engines.redis() as broker, tables(engines.beside(database)) as made:
            env = {"DATABASE_URL": database, "REDIS_URL": broker} | made
            passed = run("PostgreSQL + Redis", ["-m", "not embedded", *ignored, *words], env) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
