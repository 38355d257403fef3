"""`./mingbiao up`: the scaled setup as real processes, asked through nginx and killed one by one."""

import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.up.standing import Standing, standing
from tests import engines
from tests.config.processes import eventually

pytestmark = pytest.mark.scaled


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """One that all tests of this file share, on tables that were made before."""
    folder = tmp_path_factory.mktemp("up")
    with standing(folder, DATABASE_URL=engines.beside(os.environ["DATABASE_URL"])) as stack:
        yield stack


def asked(stack: Standing, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    request = urllib.request.Request(stack.base + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as wrong:
        return wrong.code, dict(wrong.headers), wrong.read()


def test_all_of_it_runs_and_the_front_page_comes_through_nginx(stack):
    status, headers, body = asked(stack, "/")

    assert status == 200 and headers["Server"] == "nginx"
    assert "明标" in body.decode()
    kinds = {"redis", "s3", "sequencer-1", "sequencer-2", "witness", "notifier", "worker-1", "beat"}
    assert set(stack.now["parts"]) == kinds | {"pages-1", "pages-2", "sockets-1", "sockets-2", "nginx"}
    running = {name: Path(f"/proc/{stack.pid(name)}/exe").resolve().name for name in stack.now["parts"]}
    assert running["nginx"] == "nginx" and running["redis"] == "redis-server"
    assert len({stack.pid(name) for name in running}) == len(running)
    eventually(lambda: asked(stack, "/readyz")[0] == 200)


def test_who_is_killed_is_started_again_and_it_is_said(stack):
    before = stack.pid("pages-1")
    os.kill(before, signal.SIGKILL)

    eventually(lambda: stack.pid("pages-1") != before)
    assert asked(stack, "/")[0] == 200
    assert "pages-1 意外结束（SIGKILL）" in stack.said()
