"""What no file may bring in, at whatever door: what acts when it is opened, what grows beyond all measure. Pure.

Every door still says which kinds of files it takes; the house opens none of them, and hands them out as files only.
This is for whoever opens them: the owner's officer, the panel, a court. Nothing here is unpacked to disk, and no more
of it to memory than its limits say.
"""

import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from rulebook.refusal import Kind, Reason

MOST_PARTS = 1_000  # of an archive
MOST_RATIO, RATIO_FROM = 100, 10 << 20  # unpacked to packed, looked at from so many bytes on
MOST_PIXELS = 100_000_000  # what a scanner makes of A3 at 600 dpi is 70 million
MOST_INFLATED = 64 << 20  # bytes of a PDF's packed objects, all together
LONGEST_DICTIONARY = 4096  # bytes before a stream in which its own dictionary is sought
PDF, ZIP, PNG, JPEG = b"%PDF", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
GIF, BITMAP, WEBP, OLE = b"GIF8", b"BM", b"WEBPVP8X", b"\xd0\xcf\x11\xe0"
LAST_OF_ZIP, FROM_THE_END = b"PK\x05\x06", 66_000  # an archive is found from its end, whatever stands before it
VBA = "_VBA_PROJECT".encode("utf-16-le")  # how Office before 2007 names its macros
PACKED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".cab", ".iso", ".jar")
ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|GoToE|ImportData)(?![A-Za-z0-9_.\-])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM, OBJECT = re.compile(rb"stream\r?\n"), re.compile(rb"\d\s+\d+\s+obj\b")
LINK = 0o120000  # how an archive of Unix marks a link, in the upper half of its attributes
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # segments of a JPEG that say its size

PDF_ACTS = Reason(
    "file.acts", Kind.NOT_VALID, "“{name}”含有脚本、启动命令或者嵌入的文件，请打印成不含这些内容的 PDF 后上传"
)
PDF_HIDES = Reason(
    "file.hides", Kind.NOT_VALID, "“{name}”的部分内容加密或者损坏，无法检查，请另存为未加密的 PDF 后上传"
)
PACKED_BOMB = Reason("file.bomb", Kind.NOT_VALID, "“{name}”解压后过大或者所含文件过多，请分开上传")
PACKED_WAY_OUT = Reason("file.way-out", Kind.NOT_VALID, "“{name}”内有指向压缩包以外的路径或者链接，请重新打包后上传")
PACKED_TWICE = Reason("file.nested", Kind.NOT_VALID, "“{name}”内还有压缩包，请解开后重新打包上传")
PACKED_MACRO = Reason("file.macros", Kind.NOT_VALID, "“{name}”含有宏，请去除后上传")
TOO_MANY_PIXELS = Reason("file.pixels", Kind.NOT_VALID, "“{name}”的像素过多，请缩小后上传")


class Hidden(Exception):
    """A part of a PDF that cannot be looked at."""


def why_not_take(file: BinaryIO, *, name: str) -> tuple[Reason, ...]:
    """Reasons against a file, whatever it is called. It is left where it was."""
    place = file.tell()
    try:
        file.seek(0)
        found = _why_not(file)
    finally:
        file.seek(place)
    return (Reason(found.code, found.kind, found.text, values={"name": name}),) if found else ()


def _why_not(file: BinaryIO) -> Reason | None:
    head = file.read(1024)  # so far into a file readers look for the word that it is a PDF
    if PDF in head:
        try:
            return PDF_ACTS if any(ACTS.search(_plain(part)) for part in _parts(_whole(file))) else None
        except Hidden:
            return PDF_HIDES
    if head.startswith(OLE) and _whole(file).find(VBA) >= 0:
        return PACKED_MACRO
    wide, high = _size(head)
    found = TOO_MANY_PIXELS if wide * high > MOST_PIXELS else _why_not_jpeg(file) if head.startswith(JPEG) else None
    return found or (_why_not_packed(file) if head.startswith(ZIP) or _ends_as_archive(file) else None)


def _size(head: bytes) -> tuple[int, int]:
    """Pixels of a picture that says so in its first bytes; none where it does not."""
    if head.startswith(PNG):
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if head.startswith(GIF):
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head.startswith(BITMAP):
        wide, high = (abs(int.from_bytes(head[at : at + 4], "little", signed=True)) for at in (18, 22))
        return wide, high
    if head[8:16] == WEBP:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return 0, 0


def _ends_as_archive(file: BinaryIO) -> bool:
    file.seek(max(0, file.seek(0, 2) - FROM_THE_END))
    return LAST_OF_ZIP in file.read()


def _whole(file: BinaryIO) -> bytes | mmap.mmap:
    """All of it: a large one, which lies on disk, as the machine pages it in."""
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, AttributeError, ValueError):
        file.seek(0)
        return file.read()


def _plain(part: bytes) -> bytes:
    """Names as they are meant: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), part) if b"#" in part else part


def _parts(data: bytes | mmap.mmap) -> Iterator[bytes]:
    """What of a PDF is dictionaries: all outside its streams, its packed objects, and a stream that holds objects.

    A reader may see objects where another sees a stream. Whatever looks like one is looked at. Raises Hidden.
    """
    at, inflated = 0, 0
    while begins := STREAM.search(data, at):
        yield data[at : begins.start()]
        ends = data.find(b"endstream", begins.end())
        if ends < 0:
            at = begins.end()
            break
        told, held = _plain(data[max(at, begins.start() - LONGEST_DICTIONARY) : begins.start()]), begins.end()
        if b"/ObjStm" in told.rpartition(b" obj")[2]:
            part = _inflated(data[held:ends], told, MOST_INFLATED - inflated)
            inflated += len(part)
            yield part
        elif OBJECT.search(data, held, ends):
            yield data[held:ends]
        at = ends
    yield data[at:]


def _inflated(packed: bytes, told: bytes, most: int) -> bytes:
    """Packed objects as they are.  told: the dictionary of their stream. Raises Hidden."""
    if b"/Filter" not in told.rpartition(b" obj")[2]:
        return packed
    reader = zlib.decompressobj()
    try:
        part = reader.decompress(packed, most + 1)
    except zlib.error as wrong:
        raise Hidden from wrong
    if len(part) > most:
        raise Hidden
    return part


def _why_not_packed(file: BinaryIO) -> Reason | None:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError):
        return None  # its door says whether it takes what cannot be opened
    size, unpacked = file.seek(0, 2), sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * size):
        return PACKED_BOMB
    for part in parts:
        steps = part.filename.replace("\\", "/").split("/")
        if steps[0] in ("", "~") or ".." in steps or ":" in steps[0] or part.external_attr >> 16 & 0o170000 == LINK:
            return PACKED_WAY_OUT
        if steps[-1].lower() == "vbaproject.bin" or "macrosheets" in steps:
            return PACKED_MACRO
        if steps[-1].lower().endswith(PACKED):
            return PACKED_TWICE
    return None


def _why_not_jpeg(file: BinaryIO) -> Reason | None:
    """By the first segment that says how large the picture is; one that never says so is shown by nobody."""
    at = 2
    while True:
        file.seek(at)
        mark = file.read(9)
        if len(mark) < 9 or mark[0] != 0xFF:
            return None
        if mark[1] in FRAMES:
            high, wide = int.from_bytes(mark[5:7]), int.from_bytes(mark[7:9])
            return TOO_MANY_PIXELS if wide * high > MOST_PIXELS else None
        at += 2 + max(2, int.from_bytes(mark[2:4]))
