"""Where the house's folder keeps things, for tests that damage them or look what lies there."""

from pathlib import Path

from django.conf import settings

from bidding.submission import envelopes
from ledger import blobs


def path_of(sha256: str, *, folder: str = blobs.PUBLIC) -> Path:
    """Where an object lies, or would."""
    path: Path = settings.DATA / blobs.name_of(sha256, folder=folder)
    return path


def envelope(sha256: str) -> Path:
    """Where a sealed envelope lies, or would."""
    return path_of(sha256, folder=envelopes.FOLDER)
