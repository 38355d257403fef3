"""Processes of the house itself, started as in earnest."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(words: list[str], told: Mapping[str, str]) -> str:
    """A command in the house's environment; what it prints."""
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=ROOT, env=dict(told), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


@contextlib.contextmanager
def running(words: list[str], **environ: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that lives as long as the block; what it says is shown when it dies of itself."""
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environ}
    command = [sys.executable, *words]
    process = subprocess.Popen(command, cwd=ROOT, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def eventually(holds: Callable[[], object], *, within: float = 180.0) -> None:
    """Wait until something holds; AssertionError when it does not in time."""
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
