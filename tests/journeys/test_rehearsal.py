"""The whole story of a tender, played from outside by processes that hold their own keys."""

import os
import secrets
import subprocess
import sys

import psycopg
import pytest
from psycopg import conninfo

from tests.architecture.source import ROOT


def fresh_database(url: str) -> str:
    """A new, empty database beside the one named; the site of the rehearsal must not meet another's rows."""
    name = f"rehearsal_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return conninfo.make_conninfo(url, dbname=name)


@pytest.mark.timeout(600)
def test_the_whole_story_holds_from_notice_to_verified_record():
    url = os.environ.get("DATABASE_URL", "")
    environment = {**os.environ, "BIDDERS": "5", "SIZE": "200KB", "DATABASE_URL": fresh_database(url) if url else ""}
    for ours in ("BASE_URL", "MINGBIAO_DATA", "DJANGO_SETTINGS_MODULE"):
        environment.pop(ours, None)

    done = subprocess.run(
        [sys.executable, "-m", "rehearsal"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=570
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-6_000:]
    assert "全程成立" in done.stdout
