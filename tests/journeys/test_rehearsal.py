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


# A purchase costs a minute and a half of CPU, and what one engine may do otherwise than the other any kind meets: so
# the plain one, with everything five bidders do, is played on SQLite, and the one that differs most from it on
# PostgreSQL. Two envelopes have no act that neither of them plays; that kind is left to `make rehearse`.


@pytest.mark.embedded
@pytest.mark.timeout(600)
def test_the_whole_story_holds_from_notice_to_verified_record():
    played("tender", bidders=5)


@pytest.mark.scaled
@pytest.mark.timeout(600)
def test_the_whole_story_holds_when_the_panel_talks_and_quotes_are_sealed_in_a_round():
    played("negotiation", bidders=3)
