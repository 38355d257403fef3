"""`./mingbiao test`: every test, on SQLite and then on PostgreSQL + Redis.

Words given on the command line go to pytest and narrow both runs; `--sqlite` or `--postgres` first keeps one run.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests import engines

# Four at a time on two cores: the long tests mostly wait for clocks.
# What touches no database (as conftest sees), or looks at pages as they are on any, is proven once; the rest twice.
ONCE = ["tests/proofs", "tests/browser"]


@contextlib.contextmanager
def tables(database: str) -> Iterator[dict[str, str]]:
    """Empty tables made once, for every worker to copy; yields the setting that says where."""
    with tempfile.TemporaryDirectory(prefix="mb-tables-") as folder:
        own = {"MINGBIAO_DATA": folder, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], env=os.environ | own, check=True)
        yield {"TEST_TABLES": database}


def run(name: str, words: list[str], env: dict[str, str]) -> bool:
    """Run pytest once with `env` on top of ours; tells whether all passed."""
    print(f"\n== {name} ==", flush=True)  # noqa: T201
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", "4", "--dist", "loadfile", "--no-loadscope-reorder", *words]
    passed = subprocess.run(command, env=os.environ | env).returncode == 0
    print(f"== {name}: {'ok' if passed else 'FAILED'}, {time.monotonic() - started:.0f} s ==", flush=True)  # noqa: T201
    return passed


def main(words: list[str]) -> int:
    only = words[0] if words and words[0] in ("--sqlite", "--postgres") else ""
    words = words[1:] if only else words
    passed = True
    if only != "--postgres":
        passed = run("SQLite", ["-m", "not scaled", *words], {"DATABASE_URL": "", "REDIS_URL": ""}) and passed
    if only != "--sqlite":
        ignored = [] if words else [f"--ignore={folder}" for folder in ONCE]
        with engines.postgres() as database, engines.redis() as broker, tables(engines.beside(database)) as made:
            env = {"DATABASE_URL": database, "REDIS_URL": broker} | made
            passed = run("PostgreSQL + Redis", ["-m", "not embedded", *ignored, *words], env) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
