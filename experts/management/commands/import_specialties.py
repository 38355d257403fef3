"""Put another edition of the catalogue of specialties in force, from a CSV or XLSX file."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents import sheets
from experts.registry import catalogue
from rulebook import clock
from rulebook.actor import SYSTEM


class Command(BaseCommand):
    help = "导入评审专业目录（代码、名称、上级代码）的一个版次；有误的行一次全部列出，全部正确才导入。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True, help="版次，如“发改法规〔2018〕316号”")

    def handle(self, *args: Any, file: Path, edition: str, **options: Any) -> None:
        rows, wrong = _read(Path(file))
        wrong = wrong or catalogue.read(rows)[1]
        if wrong:
            raise CommandError("\n".join(f"第{each.row}行 {each.column} {each.why}" for each in wrong))
        count = catalogue.bring_in(edition=edition, rows=rows, by=SYSTEM, at=clock.now())
        self.stdout.write(f"{edition}：{count}")


def _read(file: Path) -> tuple[list[list[str]], list[sheets.Wrong]]:
    if file.suffix.lower() == ".xlsx":
        with file.open("rb") as opened:
            return sheets.read(opened, most_rows=catalogue.MOST_LINES)
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.reader(line for line in opened if not line.startswith("#"))), []
