"""What somebody who is not told sees of a house: answers, the work behind them, lines, figures, and the public log.

What differs from one world to the next by chance alone is replaced by its place among what was met before in the same
answer, and its length: so what is the same here must be the same there, and nothing may be longer.
"""

import gzip
import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdf
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from prometheus_client import CollectorRegistry, generate_latest

from config.watching import lines, metrics, requests
from config.watching.house import House
from ledger import hub
from ledger.models import Checkpoint, Entry, Log

# Why it says nothing, and what it is; what is in a group stays.
CHANCE: tuple[tuple[str, bytes], ...] = (
    ("a form's token is drawn for each page", rb'(name="csrfmiddlewaretoken" value=")\w{64}'),
    ("a public id is drawn, a session's made of its key",
     rb"()(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-f])"),
    ("hashes, masks, nonces, commitments: random bytes, or made of some",
     rb"()(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![0-9a-f])"),
    ("how a page shows a hash", rb"()\b[0-9a-f]{8}\xe2\x80\xa6[0-9a-f]{4}\b"),
    ("a signature under a note of a log", rb"((?:\xe2\x80\x94|\\u2014) \S+ )[A-Za-z0-9+/]{40,}={0,2}"),
    ("the root of a log", rb"()(?:(?<=\\n)|(?<![\w+/]))[A-Za-z0-9+/]{43}=(?![\w=])"),
    ("keys, signatures and ciphertext",
     rb"()(?<![\w./\\-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{40,}={0,2}(?![\w./-])"),
    ("what a tip is called by is the beginning of what its code leads to",
     rb"(\d{4}-\d\d-\d\d \xc2\xb7 )[0-9a-f]{8}\b"),
    ("rescue codes are drawn", rb"()\b[0-9a-f]{5}(?:-[0-9a-f]{5}){3}\b"),
    ("the address of a calendar is drawn", rb"(/calendar/)[\w-]{43}(?=\.ics)"),
    ("libraries ask the machine's own clock when a file is made",
     rb"(<dcterms:(?:created|modified)[^>]*>|/</id><updated>)[\dT:.Z+-]+"),
)  # fmt: skip
MET = re.compile(b"|".join(pattern for _, pattern in CHANCE))
# One's own: the slot one was given by lot, what stands in one's envelope after it, and one's receipt, packed and drawn.
DRAWN = re.compile(
    rb'(slot|size|index) \d+|\\?"(slot|size|index|sheet|body)\\?": ?\d+'
    rb'|(?<=/verify/receipt/#)[A-Z2-7]+|<path fill="#000" d="[^"]+"/>'
)
# The way up the tree from one's slot: how long it is says something; which two of one's own meet where, the lot.
PATHS = re.compile(rb'"proof": \[[^\]]*\]|tlog-proof@v1\\n[^"]*')
NODE = re.compile(rb"[0-9a-f]{64}|[A-Za-z0-9+/]{43}=")
# The clock's, or made of the answer's own bytes, whose masked text and length are compared.
UNTOLD = {"Date", "Set-Cookie", "Expires", "Last-Modified", "ETag"}
PACKED = ("application/zip", "application/pdf", "application/gzip", "spreadsheetml")
TILE = re.compile(r"/log/tile/\d.*")
TABLE = re.compile(r'FROM "?\w+')
POINTS = re.compile(r'"s\d+_x\d+"')  # a savepoint is named after its thread


def masked(text: bytes) -> bytes:
    """The text with what is chance replaced."""
    met: dict[bytes, int] = {}

    def place(found: re.Match[bytes]) -> bytes:
        kept = next((group for group in found.groups() if group), b"")
        word = found[0][len(kept) :]
        return kept + b"~%d:%d~" % (met.setdefault(word, len(met)), len(word))

    return MET.sub(place, text)


def pathless(text: bytes) -> bytes:
    """The same, and of a way up a tree only how long it is."""
    return masked(PATHS.sub(lambda path: NODE.sub(b"#", path[0]), text))


def unpacked(data: bytes, kind: str) -> bytes:
    """What is in a file whose own bytes follow from chance: of a PDF its words, of an archive its members."""
    if "gzip" in kind:
        return gzip.decompress(data)
    if "pdf" in kind:
        words = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
        return "".join(words).replace("\n", "").encode()  # where a line ends follows from a signature's letters
    told = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for each in archive.infolist():
            text, within = archive.read(each), each.filename.endswith(".zip")
            size = 0 if within else each.file_size
            text = unpacked(text, "zip") if within else masked(text)
            told.append(masked(each.filename.encode()) + b" %d\n" % size + text)
    return b"\n".join(sorted(told))


@dataclass
class Work:
    """The statements an answer took, in order, each with how many rows came of it: time without a clock."""

    said: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.said.append((POINTS.sub('"s"', sql), 0))
        return execute(sql, params, many, context)

    def came(self, rows: int) -> None:
        if self.said and rows:
            sql, before = self.said[-1]
            self.said[-1] = sql, before + rows


@contextmanager
def counting_rows(patch: Any, work: Work) -> Iterator[None]:
    """Rows are counted as they are fetched."""

    def counted(name: str) -> Callable[..., Any]:
        def fetch(self: Any, *args: Any) -> Any:
            with self.db.wrap_database_errors:
                rows = getattr(self.cursor, name)(*args)
            work.came(len(rows) if isinstance(rows, list) else int(rows is not None))
            return rows

        return fetch

    with patch.context() as here:
        for name in ("fetchone", "fetchmany", "fetchall"):
            here.setattr(CursorWrapper, name, counted(name), raising=False)
        with connection.execute_wrapper(work):
            yield


@dataclass
class Answer:
    """One answer, by what can be told of it."""

    status: int
    headers: dict[str, bytes]
    length: int
    body: bytes
    statements: list[str]
    rows: list[str]  # how many of which table
    lines: list[str]


FACETS = ("status", "headers", "length", "body", "statements", "rows", "lines")


class Lines:
    """Every line the house writes, whichever logger it comes from, without its instant and number."""

    def __init__(self, patch: Any) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(lines.Lines())
        patch.setattr(requests, "write", self.stream.write)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Heard from here on."""
        root, kept = logging.getLogger(), requests.log.level
        root.addHandler(self.handler)
        requests.log.setLevel(logging.INFO)
        try:
            yield
        finally:
            requests.flush()
            requests.log.setLevel(kept)
            root.removeHandler(self.handler)

    def new(self) -> list[str]:
        """Those since the last time."""
        requests.flush()
        text = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        said = [json.loads(line) | {"time": "", "ms": 0, "request": ""} for line in text.splitlines()]
        return [masked(json.dumps(line, ensure_ascii=False).encode()).decode() for line in said]


def answered(client: Client, method: str, where: str, typed: Mapping[str, Any], *, work: Work, said: Lines) -> Answer:
    """Ask once."""
    work.said.clear()
    said.new()
    if where.startswith("/api/"):
        answer = client.generic(method, where, json.dumps(typed) if typed else "", content_type="application/json")
    else:
        answer = client.post(where, typed) if method == "POST" else client.get(where)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    kind = answer.get("Content-Type", "")
    packed = answer.status_code == 200 and any(each in kind for each in PACKED)
    headers = {key: masked(value.encode()) for key, value in answer.headers.items() if key not in UNTOLD}
    cookies = {f"cookie {name}": b"%d" % len(each.value) for name, each in answer.cookies.items()}
    if headers.get("Content-Length") == b"%d" % len(body):
        del headers["Content-Length"]  # it says what is looked at below, where what was drawn does not count
    if packed:
        body = unpacked(body, kind)
    if TILE.fullmatch(where) and answer.status_code == 200:  # nothing but hashes: only how many is said
        body = b"%d hashes, %d bytes" % divmod(len(body), 32)
    body = DRAWN.sub(b"", body)
    return Answer(
        answer.status_code, headers | cookies, 0 if packed else len(body), pathless(body),
        [sql for sql, _ in work.said], [f"{rows} {''.join(TABLE.findall(sql)[:1])}" for sql, rows in work.said],
        said.new(),
    )  # fmt: skip


def figures() -> dict[str, float]:
    """What Prometheus would be told now; how long things took is the clock's."""
    metrics.count_answers()
    registry = CollectorRegistry()
    registry.register(House())
    told = {}
    for line in generate_latest(registry).decode().splitlines():
        name, _, value = line.rpartition(" ")
        own = not re.search(r"_(sum|bucket|created)\b|disk_free", name)  # the disk is the whole machine's
        if own and not line.startswith("#"):
            told[name] = float(value)
    return told


def grown(before: Mapping[str, float]) -> dict[str, float]:
    """What was added to the figures since."""
    return {name: more for name, value in figures().items() if (more := value - before.get(name, 0.0))}


def frames() -> dict[str, bytes]:
    """Every public stream as a socket is sent it from its beginning, and what comes of it when it moves: by stream."""
    streams = Entry.objects.filter(log=Log.PUBLIC).order_by("stream").values_list("stream", flat=True).distinct()
    return {
        masked(stream.encode()).decode(): masked(
            b"\n".join(message["text"].encode() for _, message in hub.frames_after(stream, 0))
        )
        for stream in streams
    }


def logs() -> dict[str, list[Any]]:
    """How large each log was when, as its checkpoints say; and of the public one the length of every entry."""
    heads = Checkpoint.objects.order_by("pk").values_list("log", "size", "at")
    leaves = Entry.objects.filter(log=Log.PUBLIC).order_by("pk").values_list("stream", "seq", "kind", "leaf")
    return {
        "heads": [f"{log} {size} {at}" for log, size, at in heads],
        "leaves": [(masked(stream.encode()), seq, kind, len(leaf)) for stream, seq, kind, leaf in leaves],
    }
