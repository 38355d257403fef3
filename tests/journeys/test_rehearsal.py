"""Whole purchases, played from outside by processes that hold their own keys."""

import os
import subprocess
import sys

import pytest

from tests import engines
from tests.architecture.source import ROOT


def played(kind: str, *, bidders: int) -> None:
    """Play these kinds with so many bidders and expect that everything held."""
    url = os.environ.get("DATABASE_URL", "")
    told = {"KIND": kind, "BIDDERS": str(bidders), "SIZE": "200KB", "DATABASE_URL": engines.beside(url) if url else ""}
    environment = {**os.environ, **told}
    for ours in ("BASE_URL", "MINGBIAO_DATA", "DJANGO_SETTINGS_MODULE"):
        environment.pop(ours, None)

    done = subprocess.run(
        [sys.executable, "-m", "rehearsal"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=570
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-6_000:]
    assert done.stdout.count("全程成立") == len(kind.split(","))


# A purchase costs a minute and a half of CPU. The plain one is played on PostgreSQL; on SQLite a browser plays most of
# it (`tests/browser/test_journey.py`), and what the other kinds do otherwise is played in process: talks and rounds in
# `tests/bidding/test_negotiation.py`, two envelopes in `tests/bidding/test_two_envelopes.py`. `make rehearse` has all.


@pytest.mark.scaled
@pytest.mark.timeout(600)
def test_the_whole_story_holds_from_notice_to_verified_record():
    played("tender", bidders=4)
