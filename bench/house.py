"""Figures of the house on PostgreSQL. Each runs in a process of its own, which has the database to itself."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_least, at_most
from bench.site import ROOT, environment, run
from tests import engines


def submit() -> Iterator[Figure]:
    """A sealed submission through its four requests, against four requests that insert one row each."""
    ratios, floor = _measured("submit")
    text = f"slots, two envelopes of 64 KiB and the handing in with receipts, against 4 bare inserting views \
({floor:.0f} requests/s), PostgreSQL, one worker"
    yield at_least("submit", ratios, 0.5, text)


def record() -> Iterator[Figure]:
    """An act with its ledger entry, against the same act without."""
    ratios, floor = _measured("record")
    text = (
        f"an act that holds a project and changes a row, against it without its entry ({floor:.0f} acts/s), PostgreSQL"
    )
    yield at_least("record", ratios, 0.7, text)


def directory() -> Iterator[Figure]:
    """The directory over 100,000 providers against the same pages over 1,000."""
    ratios, floor = _measured("directory")
    text = f"first pages by name, region and service among 100,000 providers, against 1,000 ({floor:.1f} ms a page)"
    text += ", PostgreSQL"
    yield at_most("directory", ratios, 1.25, text)


def _measured(name: str) -> tuple[list[float], float]:
    """The ratio of every round, and the floor's rate."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, engines.postgres() as url:
        told = environment(Path(data), url)
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        done = subprocess.run(
            [sys.executable, "-m", "bench.inside", name], cwd=ROOT, env={**os.environ, **told}, check=True, stdout=-1
        )
    answer = json.loads(done.stdout)
    return answer["ratios"], answer["floor"]
