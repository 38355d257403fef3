"""Every page, as everyone who may see it: no barrier, no error, nothing from elsewhere, nothing wider than a screen."""

import subprocess
import sys

import pytest

from scripts.shots import ROOT


@pytest.mark.timeout(1500)  # eight at a time on two cores
def test_every_page_can_be_used_by_everybody() -> None:
    """In a process of its own, with a house of its own: the walk `make shots` takes, without the pictures."""
    walked = subprocess.run(
        [sys.executable, "-m", "scripts.shots", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert walked.returncode == 0, walked.stdout + walked.stderr
