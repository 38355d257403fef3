"""A house whose clock is set while it serves: `python -m tests.hardening.clocks` (needs `apt-get install faketime`).

The drill of docs/operations.md, “a clock that leaps”, on SQLite, on hosts in Berlin and New York: a year ahead, two
minutes ahead, two minutes back, each and right again. Ahead nothing is believed; back time stands still; either is
told; right again nothing is left of it.
"""

import os
import sqlite3
import sys
import tempfile
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import engines
from tests.config.processes import eventually, running
from tests.hardening import skews

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
HOSTS = ("Europe/Berlin", "America/New_York")  # nothing is reckoned where the machine stands
AHEAD, BACK = ("+366d", "+120"), "-120"
SLACK = timedelta(seconds=30)


def answer(url: str) -> int:
    """The status of an answer, 0 where none comes."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def mark(folder: Path) -> datetime:
    """The highest instant the house has stored."""
    with sqlite3.connect(folder / "mingbiao.sqlite3") as db:
        (told,) = db.execute("SELECT at FROM ledger_highwater").fetchone()
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def played(host: str) -> None:
    """One house, from its start to its end."""
    with tempfile.TemporaryDirectory(prefix="mb-clock-") as name:
        folder = engines.begin(Path(name))
        hands = folder / "hands"
        hands.write_text("+0\n")
        port = engines.free_port()
        ready = f"http://127.0.0.1:{port}/readyz"
        environ = {
            "MINGBIAO_DATA": str(folder), "PORT": str(port), "MINGBIAO_SEALED_EVERY": "1", "TZ": host,
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(hands), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        with running(["manage.py", "serve"], **environ) as house:
            eventually(lambda: answer(ready) == 200)
            for offset in (*AHEAD, BACK):
                before = mark(folder)
                hands.write_text(f"{offset}\n")
                eventually(lambda: answer(ready) == 503)
                present = datetime.now(UTC)
                assert before <= mark(folder) <= present + SLACK, f"{offset}: {mark(folder)} at {present}"
                hands.write_text("+0\n")
                eventually(lambda: answer(ready) == 200)
                assert house.poll() is None
                print(f"{host}: {offset} told, and nothing is left of it")  # noqa: T201


def main() -> int:
    """Play it on each host."""
    if LIBRARY is None:
        print("libfaketime is not here: apt-get install faketime")  # noqa: T201
        return 1
    for host in HOSTS:
        played(host)
    with tempfile.TemporaryDirectory(prefix="mb-skew-") as name:
        faults = skews.played(LIBRARY, Path(name))
    for fault in faults:
        print(fault)  # noqa: T201
    return int(bool(faults))


if __name__ == "__main__":
    os.environ.setdefault("TEST_TABLES", engines.tables())
    sys.exit(main())
