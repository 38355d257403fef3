"""Nothing that somebody typed acts in a spreadsheet, whichever file it leaves in."""

import csv
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from documents import sheets

ROOT = Path(__file__).parents[2]
FORMULAS = (
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", '\t=HYPERLINK("//evil.example")', "\r=1", "\n=1", " =1", "＝1+1",
    "＋1", "－1", "＠SUM(A1)", "\u00a0=1", '\ufeff=1', "\u200b=1", '"=1',
)  # fmt: skip
ACTS = re.compile(r"[=+\-@＝＋－＠]")


def test_in_a_table_of_commas_no_cell_begins_with_what_acts():
    out = io.StringIO()

    sheets.write_csv(out, [["name", "amount"], *([text, -5] for text in FORMULAS)])

    head, *rows = csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline=""))
    assert head == ["name", "amount"]
    for text, (cell, amount) in zip(FORMULAS, rows, strict=True):
        assert cell.removeprefix("'") == text and amount == "-5"  # a number stays one
        assert not ACTS.match(cell.strip().lstrip("\ufeff\u200b")), text


def test_in_a_workbook_every_cell_is_text():
    book = load_workbook(io.BytesIO(sheets.write(["name"], [[text] for text in FORMULAS], name="x")))

    cells = [cell for (cell,) in book.active.iter_rows(min_row=2)]

    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if ACTS.match(str(cell.value).strip()))


@pytest.mark.parametrize("writer", ["csv.writer(", "csv.DictWriter(", "xlsxwriter.Workbook(", "Workbook("])
def test_nobody_else_writes_a_table(writer):
    apart = {".venv", "tests", "bench", "scripts", "rehearsal"}
    paths = [path for path in ROOT.glob("*/**/*.py") if not apart & set(path.relative_to(ROOT).parts)]
    found = [str(path.relative_to(ROOT)) for path in paths if writer in path.read_text()]
    assert set(found) <= {"documents/sheets.py"}
