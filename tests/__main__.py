"""`./mingbiao test`: every test, on SQLite and then on PostgreSQL + Redis.

Words given on the command line go to pytest and narrow both runs; `--sqlite` or `--postgres` first keeps one run.
"""

import os
import subprocess
import sys
import time

from tests import engines

# Four at a time on two cores: the long tests mostly wait for clocks.
# What touches no database, or looks at pages as they are on any, is proven once; the rest once per engine.
ONCE = ["tests/proofs", "tests/rulebook", "tests/architecture", "tests/browser"]


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
        with engines.postgres() as database, engines.redis() as broker:
            env = {"DATABASE_URL": database, "REDIS_URL": broker}
            passed = run("PostgreSQL + Redis", ["-m", "not embedded", *ignored, *words], env) and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
