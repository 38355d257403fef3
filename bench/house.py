"""Figures of the house on PostgreSQL. Each runs in a process of its own, which has the database to itself."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def monitors() -> Iterator[Figure]:
    """A tick of the monitors and the wall over 100,000 running procurements against 10,000."""
    ratios, floor = _asked("bench.monitors")
    each = f"{1000 * floor['new'] / 100:.2f} ms CPU and {floor['asked'] / 100:.1f} queries an entry among 10,000"
    for name, what in (
        ("new", f"100 new entries read and looked at ({each})"), ("asked", "queries of the same tick"),
        ("idle", "ticks with nothing new"), ("wall", "first pages of the wall"),
    ):  # fmt: skip
        yield at_most(f"monitors-{name}", ratios[name], 1.25, f"{what}, 100,000 running against 10,000, PostgreSQL")


def search() -> Iterator[Figure]:
    """Searches of notices among a million, on either engine."""
    told = "first pages for words of 2, 3 and 6 characters, frequent and rare, among 1,000,000 notices"
    for suffix, engine in (("", "PostgreSQL"), ("-sqlite", "SQLite")):
        ratios, floor = _asked("bench.front", "search", sqlite=bool(suffix))
        yield at_most(
            f"search{suffix}", ratios["page"], 2, f"{told}, against the page empty ({floor:.1f} ms), {engine}"
        )
        yield at_most(f"search-flat{suffix}", ratios["flat"], 1.25, f"the same against 10,000 notices, {engine}")


def home() -> Iterator[Figure]:
    """The front page."""
    ratios, floor = _asked("bench.front", "home")
    told = f"the front page, not signed in, against an empty view ({floor:.0f}/s), in process, PostgreSQL"
    yield at_least("home", ratios["home"], 0.8, told)


def gate() -> Iterator[Figure]:
    """`why_not_take_part` among 100,000 decisions, against one look-up in the index it walks."""
    ratios, floor = _measured("gate")
    text = f"a firm and its representative among 100,000 decisions, against one indexed look-up ({floor:.0f}/s)"
    yield at_most("gate", ratios, 2, text + ", PostgreSQL")


def doors() -> Iterator[Figure]:
    """Whether the time of an answer tells who has an account, by the area under the curve of who guesses."""
    areas, turns = _asked("bench.doors")
    for name, area in areas.items():
        text = f"known against unknown names, {turns} answers of each, PostgreSQL"
        yield Figure(f"doors-{name}", f"{area:.2f}", "0.40–0.60", 0.4 <= area <= 0.6, text)


def _measured(name: str) -> tuple[list[float], float]:
    """The ratio of every round, and the floor's rate."""
    return _asked("bench.inside", name)


def _asked(module: str, *words: str, sqlite: bool = False) -> tuple[Any, Any]:
    """What a module prints in a house of its own."""
    database = contextlib.nullcontext("") if sqlite else engines.postgres()
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as data, database as url:
        told = environment(Path(data), url)
        run(["manage.py", "migrate", "--verbosity", "0"], told)
        done = subprocess.run(
            [sys.executable, "-m", module, *words], cwd=ROOT, env={**os.environ, **told}, check=True, stdout=-1
        )
    answer = json.loads(done.stdout)
    return answer["ratios"], answer["floor"]
