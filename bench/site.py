"""A house to be measured: its environment, the commands run in it, and its processes."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.config.processes import run
from tests.engines import free_port
from tests.races.house import ROOT, ask, environment

__all__ = ["ROOT", "Serving", "ask", "environment", "process", "run", "serving", "wait"]


@dataclass(frozen=True)
class Serving:
    """`manage.py serve` at work: its port and its process."""

    port: int
    pid: int


@contextlib.contextmanager
def process(words: list[str], told: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that lives as long as the block."""
    started = subprocess.Popen(words, cwd=ROOT, env=dict(told), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)


@contextlib.contextmanager
def serving(told: Mapping[str, str]) -> Iterator[Serving]:
    """The embedded house, everything in one process."""
    port = free_port()
    with process([sys.executable, "manage.py", "serve", "--port", str(port)], told) as started:
        wait(port)
        yield Serving(port, started.pid)


def wait(port: int) -> None:
    """Until a house answers at this port."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        with contextlib.suppress(OSError):
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("the house did not start")
