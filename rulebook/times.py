"""How instants are written: UTC, microseconds, one spelling."""

import re
from datetime import UTC, datetime

SPELLING = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)


def iso(instant: datetime) -> str:
    """`2026-11-21T22:58:03.000000Z`. The instant must be aware."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def parse_iso(text: str) -> datetime:
    """The instant so written; ValueError for any other spelling of it."""
    if not SPELLING.fullmatch(text):
        raise ValueError(f"not an instant: {text!r}")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
