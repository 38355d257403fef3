"""Files of whole days, one release a line, packed: written once when their day is over, never read again by a tick.

A day is written as soon as it is over and nothing of it waits for its place in the log. Packed files one after the
other are a packed file again, so that a month costs no more than sending its days.
"""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from ledger.models import Pending
from portal.ocds import queries
from rulebook.calendar import day_in_china

GRACE = timedelta(minutes=10)  # an act that began before midnight ends by then, or was undone


def folder() -> Path:
    return Path(settings.DATA) / "open-data"


def path_of(day: date) -> Path:
    """Where the file of a day lies, or would."""
    return folder() / f"{day:%Y-%m}" / f"{day.isoformat()}.jsonl.gz"


def owed(at: datetime) -> list[date]:
    """Days that are over and have no file yet, the oldest first."""
    last = day_in_china(at - GRACE) - timedelta(days=1)
    if path_of(last).exists():
        return []
    first = queries.oldest()
    if first is None:
        return []
    begun, days = day_in_china(first.at), []
    while last >= begun and not path_of(last).exists():
        days.append(last)
        last -= timedelta(days=1)
    return days[::-1]


def write(day: date) -> bool:
    """Write the file of a day; not while something of it waits for its place in the log."""
    until = day + timedelta(days=1)
    if Pending.objects.filter(entry__at__lt=queries.begins(until), entry__log="public").exists():
        return False
    path = path_of(day)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(draft, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
        for release in queries.told(queries.between(day, until).iterator(chunk_size=500)):
            packed.write(json.dumps(release, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    os.replace(draft, path)
    return True


def days(month: date | None = None) -> list[date]:
    """The days there are files of, the newest first; of one month, or of all."""
    place = folder() / f"{month:%Y-%m}" if month else folder()
    found = place.glob("*.jsonl.gz" if month else "*/*.jsonl.gz")
    return sorted((date.fromisoformat(path.name.removesuffix(".jsonl.gz")) for path in found), reverse=True)


def pieces(month: date) -> Iterator[bytes]:
    """The file of a month, as far as its days are over."""
    for day in reversed(days(month)):
        with open(path_of(day), "rb") as file:
            while piece := file.read(1 << 16):
                yield piece
