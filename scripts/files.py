"""What the house answers that is no page, asked as a program asks: that a text somebody typed acts in none of it.

`declared/files.txt` says of every address and operation that is read and is no page of the walk as what it comes, or
why nobody asks there; so a new one is asked, or the walk ends. Each is asked of the house the walk goes through, and
read by a reader of its kind, who says what is wrong with it and which texts stand in it.
"""

import csv
import gzip
import html.parser
import io
import json
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from icalendar import Calendar
from openpyxl import load_workbook

from documents import sheets
from scripts import poison
from tests.config.declaring import rows

Reader = Callable[[bytes], Iterator[str]]  # the texts of an answer.  Raises ValueError, saying what acts in it
ACTS = ("x-ss", "base", "iframe")  # elements no piece of ours has


class NotFollowed(urllib.request.HTTPRedirectHandler):
    """Where an answer leads elsewhere, it is not the one that was asked for."""

    def redirect_request(self, *_told: Any) -> None:
        """Nowhere."""


OPENER = urllib.request.build_opener(NotFollowed)


def wrongs(site: str, folder: Path) -> tuple[list[str], set[str]]:
    """What must not be, and what stands before the attacks in all those answers."""
    told, declared = json.loads((folder / "files.json").read_text()), rows("files")
    found, read = unlike(set(told["walked"])), set()
    for address, session, path in told["asked"]:
        comes = declared[address][0]
        try:
            read |= poison.marks(" ".join(texts(site + path, session, comes)))
        except (ValueError, OSError, SyntaxError, zipfile.BadZipFile) as wrong:
            found.append(f"{path}: {wrong}")
    return found, read


def unlike(walked: set[str]) -> list[str]:
    """Addresses that are read and neither walked nor declared here; and those that are both."""
    readable = {path for path, (reads, *_) in rows("pages").items() if reads != "-"}
    readable |= {name for name in rows("operations") if name.startswith("GET")}
    declared = set(rows("files"))
    return [f"{path} is on no page of the walk, nor in files.txt" for path in sorted(readable - walked - declared)] + [
        f"{path} is in files.txt, and is a page of the walk or none at all"
        for path in sorted(declared & walked | declared - readable)
    ]


def texts(url: str, session: str, comes: str) -> Iterator[str]:
    """The texts at an address. Raises ValueError for what is not as declared, or acts."""
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    try:
        answer = OPENER.open(urllib.request.Request(url, headers=headers), timeout=60)  # noqa: S310 (our own house)
    except urllib.error.HTTPError as other:
        raise ValueError(f"answers {other.code}") from other
    media, saved = answer.headers.get_content_type(), answer.headers["Content-Disposition"] or ""
    if media != comes:
        raise ValueError(f"comes as {media}, not as {comes}")
    if answer.headers["X-Content-Type-Options"] != "nosniff":
        raise ValueError("a browser may guess what it is")
    if comes == "text/html" and saved.startswith("attachment"):
        raise ValueError("a page is saved, and opened where nothing keeps it from acting")
    return READERS[comes](answer.read())


def nothing(_body: bytes) -> Iterator[str]:
    """What is only kept: a browser shows nothing of it."""
    return iter(())


def of_json(body: bytes) -> Iterator[str]:
    """Of every string of it."""
    return strings(json.loads(body))


def strings(value: Any) -> Iterator[str]:
    """Every string of a value, of its keys as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def of_lines(body: bytes) -> Iterator[str]:
    """Of packed lines of JSON."""
    for line in gzip.decompress(body).splitlines():
        yield from of_json(line)


def of_xml(body: bytes) -> Iterator[str]:
    """Of XML whose elements are all of its own kind: none a browser would act on, none that came out of a text."""
    root = ElementTree.fromstring(body)  # noqa: S314 (our own house)
    home = root.tag.rpartition("}")[0]
    for each in root.iter():
        if each.tag.rpartition("}")[0] != home or each.tag.endswith(("}script", "}x-ss")):
            raise ValueError(f"an element {each.tag} came out of a text")
        yield from (each.text or "", each.tail or "", *each.attrib.values())


def of_csv(body: bytes) -> Iterator[str]:
    """Of a table whose cells come out as they go in by the one writer that lets none of them be a formula."""
    read, again = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)), io.StringIO()
    sheets.write_csv(again, [[number(cell) for cell in row] for row in read])
    if again.getvalue().removeprefix("\ufeff") != body.decode("utf-8-sig"):
        raise ValueError("a cell is a formula, or breaks out of its place")
    return (cell for row in read for cell in row)


def number(cell: str) -> Any:
    """A cell that is a figure stays one; one that was made a text stays as it is."""
    return Decimal(cell) if re.fullmatch(r"-\d+(\.\d+)?", cell) else cell


def of_calendar(body: bytes) -> Iterator[str]:
    """Of a calendar without a line, a part or a property that came out of a text."""
    lines = body.decode().split("\r\n")
    if any("\n" in line or len(line.encode()) > 75 for line in lines) or lines.pop():
        raise ValueError("a line breaks out of its place")
    for part in Calendar.from_ical(body).walk():
        if part.name not in ("VCALENDAR", "VEVENT", "VALARM") or part.errors:
            raise ValueError(f"{part.name}: {part.errors}")
        for name, value in part.property_items(recursive=False):
            if name not in KNOWN:
                raise ValueError(f"a property {name} came out of a text")
            yield str(value)


KNOWN = {
    "BEGIN", "END", "PRODID", "VERSION", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "UID",
    "SUMMARY", "DTSTART", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP", "URL", "ACTION", "DESCRIPTION",
    "TRIGGER",
}  # fmt: skip


def of_text(body: bytes) -> Iterator[str]:
    """Of plain text: a browser shows it as it is."""
    yield body.decode()


class Piece(html.parser.HTMLParser):
    """A piece of a page, as a browser would take it in."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """None of them, and none of their attributes, acts as an attack does."""
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc" or value == "/xss" or (value or "").startswith("javascript:"):
                raise ValueError(f"a text acts: {self.get_starttag_text()}")
            self.texts.append(value or "")
        if tag in ACTS:
            raise ValueError(f"a text acts: {self.get_starttag_text()}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def of_html(body: bytes) -> Iterator[str]:
    """Of a piece of a page."""
    piece = Piece()
    piece.feed(body.decode())
    piece.close()
    return iter(piece.texts)


def of_workbook(body: bytes) -> Iterator[str]:
    """Of every sheet of a workbook, no cell of which is a formula or a link."""
    for sheet in load_workbook(io.BytesIO(body)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            if cell.data_type == "f" or cell.hyperlink:
                raise ValueError(f"{sheet.title} {cell.coordinate} acts")
            yield str(cell.value)


def of_zip(body: bytes) -> Iterator[str]:
    """Of the pages and texts in an archive, none of which is unpacked anywhere else."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        for name in packed.namelist():
            if name.startswith(("/", "\\")) or ".." in name.split("/"):
                raise ValueError(f"{name} would be unpacked elsewhere")
            reader = {"html": of_html, "json": of_json, "txt": of_text}.get(name.rpartition(".")[2])
            yield name
            if reader and packed.getinfo(name).file_size < 1 << 20:
                yield from reader(packed.read(name))


def of_pdf(body: bytes) -> Iterator[str]:
    """Of a paper, in which nothing acts when it is opened; what it says is drawn, not read here."""
    for word in (b"/JavaScript", b"/JS ", b"/OpenAction", b"/Launch"):
        if word in body:
            raise ValueError(f"there is {word.decode()} in it")
    if not body.startswith(b"%PDF-"):
        raise ValueError("is no PDF")
    return iter(())


READERS: dict[str, Reader] = {
    "application/atom+xml": of_xml, "application/gzip": of_lines, "application/json": of_json,
    "application/octet-stream": nothing, "application/pdf": of_pdf,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": of_workbook, "application/xml": of_xml,
    "application/zip": of_zip, "text/calendar": of_calendar, "text/csv": of_csv, "text/html": of_html,
    "text/plain": of_text,
}  # fmt: skip
