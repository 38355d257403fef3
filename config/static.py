"""Static files under names that carry their hash, so that they can be cached for ever."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):
    """Hashed names for what has been collected, plain names for what has not (a fresh checkout, the tests)."""

    support_js_module_import_aggregation = True  # imports between modules get the hashed names too
    max_post_process_passes = 20  # a module's name follows from those it imports: one pass for each level of them
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name


def collect(*, without: list[str]) -> None:
    """Collect the static files, unless nothing has changed since they last were: hashing and packing take seconds."""
    kept, now = Path(settings.STATIC_ROOT) / "collected", _fingerprint(without)
    if kept.exists() and kept.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=without)
    kept.write_text(now)


def _fingerprint(without: list[str]) -> str:
    """What is there to collect: every file's name, size and time of change."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list(without), key=lambda each: each[0]):
            told = Path(storage.path(name)).stat()
            found.update(f"{name}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
    return found.hexdigest()
