"""What opened files say of themselves: who wrote them, with what, from which original, in which words.

Small readers of our own for Word, Excel, slides and plain text, a process apart for the words of a PDF; whatever
cannot be read says nothing. Files come from strangers: no more than `MOST_BYTES` of any is unpacked, and no reader of
XML is let near them.
"""

import hashlib
import html
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bidding.opening.opened import OpenedFile
from bidding.tender.models import Document
from proofs import consortium, guarantee
from supervision.clues import pdf_text
from supervision.clues.rules import Paper

PARTICULARS = "particulars.json"  # {"contact", "phone", "mail", "account"} as the bid says them
MOST_BYTES = 8 * 2**20  # unpacked, of one file
MOST_CLAUSES = 20_000
PATIENCE = 2 * pdf_text.SECONDS  # for the process that reads a PDF
SHORTEST = 6  # signs of a clause that says anything
LONGEST_NAME = 100
OFFICE = frozenset({".docx", ".xlsx", ".pptx", ".wps", ".et", ".dps"})
PLAIN = frozenset({".txt", ".md", ".csv", ".htm", ".html", ".json", ".xml"})
OURS = frozenset({PARTICULARS, guarantee.FILE, consortium.FILE})
_SPLIT = re.compile(r"[。！？；，、：:;,.!?\n\r\t|]+")
_BLANK = re.compile(r"[\s\u3000（）()\[\]【】“”\"'《》—\-_*#]+")
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH = re.compile(r"</(?:w:p|a:p|si|p|div|tr|li|h\d)>|<br[^>]*>", re.IGNORECASE)
_STREAM = re.compile(rb"stream\r?\n")
_INFO = re.compile(
    rb"/(Author|Creator|Producer)\s*(?:\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]*)>)", re.DOTALL
)  # the strings of a document's information dictionary
_ID = re.compile(rb"/ID\s*\[\s*<([0-9A-Fa-f]{16,64})>")
_XMP = re.compile(rb"xmpMM:OriginalDocumentID[=>\"' ]+([^\"'<]{8,80})")
_CORE = {"author": "dc:creator", "editor": "cp:lastModifiedBy"}
_ORIGINS = (
    re.compile(r'<w:rsidRoot[^>]*w:val="([0-9A-Fa-f]{8})"'),
    re.compile(r'<w15:docId[^>]*w15:val="(\{[0-9A-Fa-f-]{36}\})"'),
)


def paper(source: OpenedFile | Document | Path, *, name: str = "", whole: bool = False) -> Paper:
    """What a file says. One that is not what its name promises says only what its bytes hash to.

    whole: with all its words in a row, for the tender's own files.
    """
    name = name or source.name
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        try:
            said = _said(file, Path(name).suffix.lower(), whole)
        except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error):
            said = {}
    return Paper(name, digest, **said)


def particulars(files: Iterable[OpenedFile | Path]) -> dict[str, str]:
    """Contact and account as a bid says them in a file of ours; empty where it says none in a form that counts."""
    found = next((file for file in files if file.name == PARTICULARS), None)
    if found is None:
        return {}
    try:
        with found.open("rb") as file:
            told = json.loads(file.read(16 * 1024))
    except (ValueError, RecursionError, OSError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {key: value[:LONGEST_NAME] for key, value in told.items() if isinstance(value, str)}


def clauses(text: str) -> frozenset[str]:
    """The sentences of a text without blanks and brackets, so that how it is set makes no difference."""
    found: set[str] = set()
    for piece in _SPLIT.split(text):
        plain = _BLANK.sub("", piece)
        if len(plain) >= SHORTEST:
            found.add(plain)
            if len(found) == MOST_CLAUSES:
                break
    return frozenset(found)


def _said(file: BinaryIO, suffix: str, whole: bool) -> dict[str, Any]:
    if suffix in OFFICE:
        return _office(file, whole)
    if suffix == ".pdf":
        return _pdf(file, whole)
    if suffix in PLAIN:
        text = _decoded(file.read(MOST_BYTES))
        return _worded(_words(text) if "<" in text[:1000] else text, whole)
    return {}


def _worded(text: str, whole: bool) -> dict[str, Any]:
    return {"clauses": clauses(text), "body": _BLANK.sub("", text) if whole else ""}


def _office(file: BinaryIO, whole: bool) -> dict[str, Any]:
    with zipfile.ZipFile(file) as packed:
        budget = MOST_BYTES

        def part(name: str) -> str:
            nonlocal budget
            with packed.open(name) as inside:
                data = inside.read(budget)
            budget -= len(data)
            return data.decode("utf-8", errors="ignore")

        names = packed.namelist()
        core = part("docProps/core.xml") if "docProps/core.xml" in names else ""
        app = part("docProps/app.xml") if "docProps/app.xml" in names else ""
        settings = part("word/settings.xml") if "word/settings.xml" in names else ""
        bodies = [
            name
            for name in names
            if re.fullmatch(r"word/document\.xml|xl/sharedStrings\.xml|ppt/slides/s\w+\.xml", name)
        ]
        text = "\n".join(_words(part(name)) for name in bodies)
    tool = f"{_field(app, 'Application')} {_field(app, 'AppVersion')}".strip()
    origins = {found[1] for pattern in _ORIGINS if (found := pattern.search(settings))}
    return {
        **{key: _field(core, tag) for key, tag in _CORE.items()},
        "tool": tool, "origins": frozenset(origins), **_worded(text, whole),
    }  # fmt: skip


def _pdf(file: BinaryIO, whole: bool) -> dict[str, Any]:
    """Facts of the information dictionary and the document's ids; its words or, of one without any (a scan), what the
    bytes of its pages and pictures hash to."""
    data = file.read(MOST_BYTES)
    if not data.startswith(b"%PDF"):
        return {}
    unpacked = list(_streams(data))
    told: dict[str, str] = {}
    for place in (data, *unpacked):
        for key, literal, spelt in _INFO.findall(place):
            told.setdefault(key.decode(), _pdf_text(literal, spelt))
    origins = {found[1].decode().lower() for found in _ID.finditer(data)} | {
        found[1].decode("utf-8", errors="ignore") for place in (data, *unpacked) for found in _XMP.finditer(place)
    }
    file.seek(0)
    said = _worded(_pdf_words(file), whole)
    if not said["clauses"]:
        said["clauses"] = frozenset(hashlib.sha256(one).hexdigest() for one in unpacked if len(one) >= 200)
    return {
        "author": told.get("Author", ""),
        "tool": f"{told.get('Creator', '')} {told.get('Producer', '')}".strip()[:LONGEST_NAME],
        "origins": frozenset(origins), **said,
    }  # fmt: skip


def _pdf_words(file: BinaryIO) -> str:
    """The words of a PDF as a process apart reads them, lines of print joined; none where that comes to no end."""
    try:
        read = subprocess.run(
            [sys.executable, "-I", pdf_text.__file__], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=PATIENCE, env={}, check=True, cwd="/",
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError):
        return ""
    return read.stdout.decode("utf-8", errors="ignore").replace("\n", " ")


def _streams(data: bytes) -> Iterator[bytes]:
    """The streams of a PDF that unpack, as much of them as is allowed."""
    budget = MOST_BYTES
    for start in _STREAM.finditer(data):
        if budget <= 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(data[start.end() :], budget)
        except zlib.error:
            continue
        budget -= len(unpacked)
        yield unpacked


def _pdf_text(literal: bytes, spelt: bytes) -> str:
    data = bytes.fromhex(b"".join(spelt.split()).decode().ljust(2 * ((len(spelt) + 1) // 2), "0")) if spelt else literal
    data = re.sub(rb"\\([()\\])", rb"\1", data)
    text = data[2:].decode("utf-16-be", errors="ignore") if data.startswith(b"\xfe\xff") else _decoded(data)
    return text.replace("\0", "").strip()[:LONGEST_NAME]


def _field(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}(?:\s[^>]*)?>([^<]*)</{tag}>", text)
    return html.unescape(found[1]).strip()[:LONGEST_NAME] if found else ""


def _words(text: str) -> str:
    return html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text)))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="ignore")
