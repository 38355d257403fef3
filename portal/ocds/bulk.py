"""Files of whole days, one release a line, packed: written once when their day is over, never read again by a tick.

A day is written as soon as it is over and nothing of it waits for its place in the log. Packed files one after the
other are a packed file again, so that a month costs no more than sending its days.

Where several regions are served each has files of its own, of every day that was over after it was entered.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

from accounts.regions.queries import regions
from ledger import blobs, storage
from ledger.models import Pending
from portal.ocds import queries
from rulebook.calendar import day_in_china
from rulebook.regions import containing

FOLDER = "open-data"
OF_REGION = "of"  # under it a folder for each region
ENDING = ".jsonl.gz"
GRACE = timedelta(minutes=10)  # an act that began before midnight ends by then, or was undone


def folder_of(region: str) -> str:
    """Where the files of a region lie, or of all for the empty one."""
    return f"{FOLDER}/{OF_REGION}/{region}" if region else FOLDER


def name_of(day: date, region: str = "") -> str:
    """Under which name the file of a day lies."""
    return f"{folder_of(region)}/{day:%Y-%m}/{day.isoformat()}{ENDING}"


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
    places = queries.Places() if (known := [row.code for row in regions()]) else None
    files = {region: Packed() for region in ("", *known)}
    for entry in queries.between(day, until).iterator(chunk_size=500):
        here = {region for region in containing(places.of(entry)) if region in files} if places else set()
        for release in queries.told([entry]):
            line = json.dumps(release, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            for region in ("", *here):
                files[region].add(line)
    for region in (*known, ""):  # that of all last: by it the day is written
        blobs.keep_as(name_of(day, region), files[region].ended())
    return True


class Packed:
    """A packed file that grows line by line."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 – whoever keeps it reads it to its end
        self._packed = gzip.GzipFile(fileobj=self._file, mode="wb", filename="", mtime=0)

    def add(self, line: bytes) -> None:
        self._packed.write(line)

    def ended(self) -> IO[bytes]:
        """All of it, to be read."""
        self._packed.close()
        return self._file


def days(month: date | None = None, region: str = "") -> list[date]:
    """The days there are files of, the newest first; of one month, or of all; of a region, or of all."""
    top = folder_of(region)
    found = storage.store().listed(f"{top}/{month:%Y-%m}/" if month else f"{top}/2")  # what begins so is a month
    names = [each.name.rpartition("/")[2] for each in found]
    said = [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]
    return sorted((date.fromisoformat(day) for day in said), reverse=True)


def pieces(month: date, region: str = "") -> Iterator[bytes]:
    """The file of a month, as far as its days are over."""
    for day in reversed(days(month, region)):
        with blobs.opened(name_of(day, region)) as file:
            yield from iter(lambda: file.read(storage.PIECE), b"")
