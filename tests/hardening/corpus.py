"""Files that people should not be sent: made here, byte by byte, so that nothing of the kind lies in the repository."""

import io
import zipfile
import zlib
from functools import cache

CATALOGUE = b"1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
SCRIPT = b"3 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n"
PIXELS = 20_000  # a side


def pdf(*parts: bytes, catalogue: bytes = b"") -> bytes:
    """A PDF whose reader rebuilds its table."""
    return b"%PDF-1.7\n" + CATALOGUE % catalogue + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def stream(content: bytes, told: bytes = b"", number: int = 4) -> bytes:
    return b"%d 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n" % (number, len(content), told, content)


def objects(content: bytes, told: bytes = b"/Filter/FlateDecode") -> bytes:
    """Objects packed into a stream, as most writers do."""
    return stream(content, b"/Type/ObjStm/N 1/First 4" + told)


def archive(*parts: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts:
            packed.writestr(name, data)
    return made.getvalue()


def png(wide: int, high: int) -> bytes:
    head = b"IHDR" + wide.to_bytes(4) + high.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    told = [len(body[4:]).to_bytes(4) + body + zlib.crc32(body).to_bytes(4) for body in (head, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def jpeg(wide: int, high: int, *before: bytes) -> bytes:
    size = b"\xff\xc0\x00\x11\x08" + high.to_bytes(2) + wide.to_bytes(2) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8" + b"".join(before) + size + b"\xff\xd9"


def link() -> zipfile.ZipInfo:
    told = zipfile.ZipInfo("link")
    told.external_attr = 0o120777 << 16
    return told


@cache
def bad() -> dict[str, tuple[bytes, str]]:
    """Name ↦ the file, and the reason it is refused for."""
    acts, hides, bomb, out, macros, pixels = (
        f"file.{what}" for what in ("acts", "hides", "bomb", "way-out", "macros", "pixels")
    )
    app = b"\xff\xe1\x00\x10" + b"Exif\0\0" + bytes(8)
    word = ("word/document.xml", b"<w/>")
    return {
        "opens.pdf": (pdf(SCRIPT, catalogue=b"/OpenAction 3 0 R"), acts),
        "named.pdf": (pdf(catalogue=b"/Names<</JavaScript 5 0 R>>"), acts),
        "escaped.pdf": (pdf(SCRIPT.replace(b"JavaScript/JS", b"J#61vaScript/#4aS")), acts),
        "field.pdf": (pdf(b"6 0 obj<</FT/Tx/AA<</K<</JS 7 0 R>>>>>>endobj"), acts),
        "launches.pdf": (pdf(b"6 0 obj<</S/Launch/F(cmd.exe)>>endobj"), acts),
        "embeds.pdf": (pdf(stream(b"MZ", b"/Type/EmbeddedFile")), acts),
        "media.pdf": (pdf(b"6 0 obj<</Subtype/RichMedia>>endobj"), acts),
        "elsewhere.pdf": (pdf(b"6 0 obj<</S/GoToE/D[0]>>endobj"), acts),
        "packed.pdf": (pdf(objects(zlib.compress(b"3 0 " + SCRIPT))), acts),
        "unpacked.pdf": (pdf(objects(b"3 0 " + SCRIPT, b"")), acts),
        "in-a-stream.pdf": (pdf(b"(stream\n)", SCRIPT, b"(endstream)"), acts),
        "no-end.pdf": (pdf(b"8 0 obj<<>>stream\n", SCRIPT), acts),
        "late-head.pdf": (b"x" * 900 + pdf(SCRIPT), acts),
        "locked.pdf": (pdf(objects(bytes(range(64)))), hides),
        "other-filter.pdf": (pdf(objects(zlib.compress(SCRIPT).hex().encode(), b"/Filter[/ASCIIHexDecode]")), hides),
        "grows.pdf": (pdf(objects(zlib.compress(bytes(70 << 20), 9))), hides),
        "bomb.zip": (archive(("zeros", bytes(60 << 20))), bomb),
        "many.zip": (archive(*((f"{n}", b"") for n in range(1_001))), bomb),
        "up.zip": (archive(("../../etc/cron.d/x", b"")), out),
        "up-windows.zip": (archive(("..\\..\\start.bat", b"")), out),
        "root.zip": (archive(("/etc/passwd", b"")), out),
        "drive.zip": (archive(("C:/x.bat", b"")), out),
        "link.zip": (archive((link(), b"/etc/passwd")), out),
        "macro.docx": (archive(word, ("word/vbaProject.bin", b"")), macros),
        "macro.xlsx": (archive(("xl/workbook.xml", b""), ("xl/VBAPROJECT.BIN", b"")), macros),
        "old.xls": (b"\xd0\xcf\x11\xe0" + bytes(600) + "_VBA_PROJECT".encode("utf-16-le") + bytes(600), macros),
        "macro-sheet.xlsx": (archive(("xl/workbook.xml", b""), ("xl/macrosheets/sheet1.xml", b"")), macros),
        "in-another.zip": (archive(("a.txt", b""), ("42.zip", archive(("b", b"")))), "file.nested"),
        "after-something.zip": (b"MZ" + bytes(600) + archive(("../../x", b"")), out),
        "huge-before.zip": (png(PIXELS, PIXELS) + archive(("a", b"")), pixels),
        "huge.gif": (b"GIF89a" + b"\xff\xff\xff\xff" + bytes(9), pixels),
        "huge.bmp": (b"BM" + bytes(12) + (40).to_bytes(4, "little") + PIXELS.to_bytes(4, "little") * 2, pixels),
        "huge.webp": (b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + b"\xff\xff\x00" * 2, pixels),
        "huge.png": (png(PIXELS, PIXELS), pixels),
        "huge.jpg": (jpeg(PIXELS, PIXELS), pixels),
        "huge-exif.jpg": (jpeg(PIXELS, PIXELS, app), pixels),
    }


def good() -> dict[str, bytes]:
    """What looks like the above and is not, or is nothing at all: never an error, whatever its door says."""
    return {
        "plain.pdf": pdf(b"6 0 obj<</S/GoTo/D[0]>>endobj", catalogue=b"/OpenAction 6 0 R"),
        "escaped-name.pdf": pdf(b"6 0 obj<</Name/A#20B>>endobj"),
        "objects.pdf": pdf(objects(zlib.compress(b"3 0 <</Type/Font/Name/JSerif>>"))),
        "chance.pdf": pdf(stream(b"\x01\x02/JS \xff/Launch<", b"/Filter/FlateDecode")),
        "text.pdf": pdf(stream(b"BT (see /JS for 3 objections) Tj ET")),
        "cut.pdf": pdf(SCRIPT)[:20],
        "small.png": png(2_480, 3_508),
        "cut.png": png(9, 9)[:14],
        "small.jpg": jpeg(2_480, 3_508),
        "cut.jpg": jpeg(9, 9)[:5],
        "word.docx": archive(("word/document.xml", b"<w/>"), ("a..b/c", b"")),
        "cut.zip": archive(("a", b"b"))[:40],
        "old.doc": b"\xd0\xcf\x11\xe0" + bytes(1200),
        "small.gif": b"GIF89a" + b"\x10\x00\x10\x00" + bytes(9),
        "small.bmp": b"BM" + bytes(12) + (40).to_bytes(4, "little") + (90).to_bytes(4, "little") * 2,
        "empty.pdf": b"",
        "text.txt": b"=1+1",
    }


NAMES = (
    "../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/passwd.pdf", "C:\\x.pdf", "\u202efdp.exe.pdf", "a\x00b.pdf", ".pdf",
    "x" * 300 + ".pdf", "CON.pdf", "-rf.pdf", "a\nb.pdf", '"><img src=x onerror=xss(1)>.pdf', "招标\u200b文件.pdf",
    "....pdf",
)  # fmt: skip
