"""Enter the regions of a new installation from a table: code,name,name_mn,name_en,body,phone."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.regions import services
from rulebook import clock
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused


class Command(BaseCommand):
    help = "Enter the first regions from a CSV file (code,name,name_mn,name_en,body,phone). One city needs none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        with options["file"].open(encoding="utf-8-sig", newline="") as file:
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]
        try:
            made = services.set_up(rows=rows, by=SYSTEM, at=clock.now())
        except Refused as refused:
            raise CommandError("; ".join(reason.sentence() for reason in refused.reasons)) from refused
        except KeyError as missing:
            raise CommandError(f"the table has no column {missing}") from missing
        for row in made:
            self.stdout.write(str(row))
