"""Files of whole days, one release a line, packed: written once when their day is over, never read again by a tick.

A day is written as soon as it is over and nothing of it waits for its place in the log. Packed files one after the
other are a packed file again, so that a month costs no more than sending its days.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from tempfile import TemporaryFile

from ledger import blobs, storage
from ledger.models import Pending
from portal.ocds import queries
from rulebook.calendar import day_in_china

FOLDER = "open-data"
ENDING = ".jsonl.gz"
GRACE = timedelta(minutes=10)  # an act that began before midnight ends by then, or was undone


def name_of(day: date) -> str:
    """Under which name the file of a day lies."""
    return f"{FOLDER}/{day:%Y-%m}/{day.isoformat()}{ENDING}"


def is_written(day: date) -> bool:
    """Whether the file of a day is there."""
    return storage.store().size(name_of(day)) is not None


def owed(at: datetime) -> list[date]:
    """Days that are over and have no file yet, the oldest first."""
    last = day_in_china(at - GRACE) - timedelta(days=1)
    if is_written(last):
        return []
    first = queries.oldest()
    if first is None:
        return []
    begun, days = day_in_china(first.at), []
    while last >= begun and not is_written(last):
        days.append(last)
        last -= timedelta(days=1)
    return days[::-1]


def write(day: date) -> bool:
    """Write the file of a day; not while something of it waits for its place in the log."""
    until = day + timedelta(days=1)
    if Pending.objects.filter(entry__at__lt=queries.begins(until), entry__log="public").exists():
        return False
    with TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
            for release in queries.told(queries.between(day, until).iterator(chunk_size=500)):
                packed.write(json.dumps(release, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        blobs.keep_as(name_of(day), file)
    return True


def days(month: date | None = None) -> list[date]:
    """The days there are files of, the newest first; of one month, or of all."""
    found = storage.store().listed(f"{FOLDER}/{month:%Y-%m}/" if month else f"{FOLDER}/")
    names = [each.name.rpartition("/")[2] for each in found]
    said = [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]
    return sorted((date.fromisoformat(day) for day in said), reverse=True)


def pieces(month: date) -> Iterator[bytes]:
    """The file of a month, as far as its days are over."""
    for day in reversed(days(month)):
        with blobs.opened(name_of(day)) as file:
            yield from iter(lambda: file.read(storage.PIECE), b"")
