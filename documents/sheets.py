"""Tables in and out (XLSX, CSV): read within limits and without formulas, written so that no cell acts.

The two libraries are loaded when a table comes: every start of the house and of its commands would wait for them.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

MOST_BYTES = 4 << 20  # of a file
MOST_UNPACKED = 40 << 20  # of all its parts; a bomb says more, or lies and is found damaged
MOST_PARTS = 200
MOST_ROWS = 200  # 1.5 s of work in one transaction; bids wait behind it
MOST_COLUMNS = 40
MOST_TEXT = 500
DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # a spreadsheet reads wide signs as narrow ones

UNSEEN = " \t\r\n\u00a0\u3000\u200b\ufeff"  # before a sign, some programs overlook it
NUMBERS = (int, float, Decimal)


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row, as its reader counts: row 1 is the head, columns have the head's names."""

    row: int
    column: str
    why: str


def read(file: BinaryIO, *, most_rows: int = MOST_ROWS) -> tuple[list[list[str]], list[Wrong]]:
    """The first sheet as text, row 1 first, and what is wrong with it. Days come as 2026-11-24."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    data = file.read(MOST_BYTES + 1)
    if why := _why_not(data):
        return [], [Wrong(1, "", why)]
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        return _rows(book.worksheets[0], most_rows)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError, TypeError,
            AttributeError, EOFError):  # fmt: skip
        return [], [Wrong(1, "", "不是可读的 .xlsx 工作簿")]


def read_csv(file: BinaryIO, *, most_rows: int = MOST_ROWS) -> tuple[list[list[str]], list[Wrong]]:
    """The same of a CSV file in UTF-8 or GB 18030, as spreadsheets save them here."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return [], [Wrong(1, "", f"文件超过{MOST_BYTES >> 20}兆字节")]
    for coding in ("utf-8-sig", "gb18030"):
        try:
            table = list(csv.reader(io.StringIO(data.decode(coding), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error):
            continue
        return _told(table, most_rows)
    return [], [Wrong(1, "", "不是可读的 CSV 文件（编码应为 UTF-8 或 GB 18030）")]


def _why_not(data: bytes) -> str:
    """Why a file is not even opened; empty when it may be."""
    if len(data) > MOST_BYTES:
        return f"文件超过{MOST_BYTES >> 20}兆字节"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return "解压后过大"
            for part in parts:
                told = packed.read(part) if part.filename.endswith((".xml", ".rels")) else b""
                if b"<!" in told.replace(b"<!--", b"") or b"<\0!" in told:  # entities that grow
                    return "含有不允许的声明"
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError):
        return "不是可读的 .xlsx 工作簿"
    return ""


def _rows(sheet: Any, most_rows: int) -> tuple[list[list[str]], list[Wrong]]:
    return _told(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), most_rows)


def _told(lines: Iterable[Sequence[object]], most_rows: int) -> tuple[list[list[str]], list[Wrong]]:
    """Rows of cells as rows of text, up to the last that holds something."""
    found: list[list[str]] = []
    wrong: list[Wrong] = []
    empty = 0
    for number, cells in enumerate(lines, start=1):
        texts: list[str] = []
        for column, cell in enumerate(cells[:MOST_COLUMNS]):
            text, why = _text(cell)
            if why:
                head = found[0][column] if found and column < len(found[0]) else ""
                wrong.append(Wrong(number, head, why))
            texts.append(text)
        empty = 0 if any(texts) else empty + 1
        found.append(texts)
        if number - empty > most_rows + 1:
            return [], [Wrong(number, "", f"超过{most_rows}行，请分成几个文件")]
        if empty > most_rows:
            break
    return found[: len(found) - empty], wrong


def _text(cell: object) -> tuple[str, str]:
    """A cell as text, and what is wrong with it."""
    if cell is None:
        return "", ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}", ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= 10**15:
            return "", "长号码以数字保存，末几位已丢失；请把单元格设为文本后重填"
        return str(int(cell)) if cell == int(cell) else str(cell), ""
    text = str(cell).strip()
    if text.startswith("="):
        return "", "含有公式；请改为文本"
    if len(text) > MOST_TEXT:
        return "", f"超过{MOST_TEXT}个字"
    return text, ""


def unacting(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula, whatever unseen stands before its first sign."""
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip(UNSEEN).startswith(DANGEROUS) else text


def write_csv(out: Any, rows: Iterable[Sequence[object]]) -> None:
    """Rows as a spreadsheet here opens them: UTF-8 with its mark, no text that acts; nothing is an empty cell.

    out: takes text, as an HTTP answer does.
    """
    out.write("\ufeff")  # or a spreadsheet takes the Chinese for something else
    lines = csv.writer(out)
    for row in rows:
        lines.writerow(
            [cell if isinstance(cell, NUMBERS) else unacting("" if cell is None else str(cell)) for cell in row]
        )


def book_in(out: BinaryIO) -> Any:
    """An `xlsxwriter` workbook in which text stays text: nothing becomes a formula, a link or a number."""
    import xlsxwriter

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(out, options)


def write(head: Sequence[str], rows: Sequence[Sequence[object]], *, name: str, note: str = "") -> bytes:
    """A workbook of text cells. What looks like a formula is marked as text, so that it stays one when edited."""
    out = io.BytesIO()
    book = book_in(out)
    sheet = book.add_worksheet(name)
    bold, plain, quoted = (
        book.add_format({"bold": True, "num_format": "@"}),
        book.add_format({"num_format": "@"}),
        book.add_format({"num_format": "@", "quote_prefix": True}),
    )
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, bold)
        sheet.set_column(column, column, max(12, 2 * len(text) + 2), plain)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            text = "" if value is None else str(value)
            sheet.write_string(number, column, text, quoted if unacting(text) != text else plain)
    sheet.freeze_panes(1, 0)
    if note:
        sheet.set_header(f"&L{note.replace('&', '&&')[:200]}")
    book.close()
    return out.getvalue()
