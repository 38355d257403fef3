"""What bandit finds in the house: nothing that does not stand in `bandit.txt` with its reason.

`python -m tests.hardening.scanned`, a step of `make check`. A line of the table: `file | finding | how many | reason`.
One more than it says is a failure, so that somebody reads a new one; what is there no more is named, to be struck out.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("bandit.txt")
# Nothing of these is served: they play, render and measure on the machine of whoever works on the house.
APART = ("bench", "rehearsal", "scripts", "tests")


def found() -> Counter[tuple[str, str]]:
    """(file, number of the finding) ↦ how often, in all that is served."""
    served = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - set(APART))
    words = ["-q", "-r", *served, "-c", "pyproject.toml", "-f", "json", "--exit-zero"]
    told = subprocess.run(
        [sys.executable, "-m", "bandit", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    report = json.loads(told.stdout)
    if report["errors"]:
        raise SystemExit(f"not read: {report['errors']}")
    return Counter((one["filename"].removeprefix("./"), one["test_id"]) for one in report["results"])


def explained() -> Counter[tuple[str, str]]:
    """The same of the table; every line of it has a reason."""
    lines = [line.split(" | ") for line in TABLE.read_text().splitlines()[1:]]
    return Counter({(file, finding): int(count) for file, finding, count, reason in lines if reason.strip()})


def main() -> int:
    """Say what differs."""
    now, known = found(), explained()
    for each, count in sorted((now - known).items()):
        print(*each, f"{count} not explained in {TABLE.name}")  # noqa: T201
    for each, count in sorted((known - now).items()):
        print(*each, f"{count} explained in {TABLE.name} and not there any more")  # noqa: T201
    return int(bool(now - known))


if __name__ == "__main__":
    sys.exit(main())
