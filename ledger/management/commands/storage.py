"""The storage of files: look whether it keeps its promises, prepare a bucket, move a folder into it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import storage
from ledger.storage import moving


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("check", help="tries what is promised of it; says what does not hold")
        prepare = words.add_parser("prepare", help="makes the bucket and sets its rules")
        prepare.add_argument("--origin", action="append", help="https://… of a site whose pages send files to it")
        words.add_parser("move", help="puts what lies in the data folder into the bucket, each file verified")

    def handle(self, *args: Any, word: str, **options: Any) -> None:
        getattr(self, word)(**options)

    def check(self, **options: Any) -> None:
        if not settings.S3["bucket"]:
            found = [wrong] if (wrong := storage.store().why_not_ready()) else []
        else:
            found = list(storage.bucket().faults())
        for wrong in found:
            self.stderr.write(wrong)
        if found:
            raise CommandError("the storage does not keep what is promised of it")
        self.stdout.write("the storage keeps what is promised of it")

    def prepare(self, *, origin: list[str] | None, **options: Any) -> None:
        self._bucket().prepare(origin or [settings.SITE])
        self.stdout.write("prepared")

    def move(self, **options: Any) -> None:
        done = 0
        try:
            for done, name in enumerate(moving.move(settings.DATA, self._bucket()), start=1):
                if done % 1000 == 0:
                    self.stdout.write(f"{done} files, the last is {name}")
        except OSError as wrong:
            raise CommandError(f"after {done} files: {wrong}; run it again to go on") from wrong
        self.stdout.write(f"{done} files lie in the bucket, each with the bytes of the folder's")

    def _bucket(self) -> Any:
        if not settings.S3["bucket"]:
            raise CommandError("MINGBIAO_S3_BUCKET names no bucket")
        return storage.bucket()
