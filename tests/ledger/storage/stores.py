"""A house on each kind of storage, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger import storage
from tests import engines

SITE = "http://localhost:8000"


def told_by(environ: dict[str, str], **other: Any) -> dict[str, Any]:
    """The setting S3 as `config.settings` makes it of these variables."""
    told = {name.removeprefix("MINGBIAO_S3_").lower(): value for name, value in environ.items()}
    usual = {"public": "", "style": "path", "lock": "GOVERNANCE", "lock_days": 1}
    return {**usual, **told, **other}


@contextmanager
def bucket() -> Iterator[dict[str, Any]]:
    """A prepared bucket on a stand-in of its own; yields the setting S3 for it."""
    with engines.s3() as environ:
        told = told_by(environ)
        storage._bucket(tuple(sorted(told.items()))).prepare([SITE])
        yield told
