"""Static files under names that carry their hash, so that they can be cached for ever."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from ledger import services
from rulebook.actor import SYSTEM

SUFFIXES = (".js", ".mjs")  # of files that a browser runs


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


def collect() -> None:
    """Collect the static files, unless nothing has changed since they last were: hashing and packing take seconds."""
    kept, now = Path(settings.STATIC_ROOT) / "collected", _fingerprint()
    if kept.exists() and kept.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    kept.write_text(now)


def publish_scripts(*, at: datetime) -> None:
    """Put into the public log which scripts are served, if they are others than it says."""
    services.publish_scripts(scripts=scripts(), by=SYSTEM, at=at)


def scripts() -> dict[str, str]:
    """Every script that has an address here: its path and the SHA-256 of its bytes, in hex."""
    root = Path(settings.STATIC_ROOT)
    found = {file.relative_to(root).as_posix(): file for file in root.rglob("*") if file.suffix in SUFFIXES}
    for finder in get_finders():  # what has not been collected is served from where it lies, and before what has
        for name, storage in finder.list([]):
            if Path(name).suffix in SUFFIXES:
                found[Path(name).as_posix()] = Path(storage.path(name))
    told = {f"{settings.STATIC_URL}{name}": hashlib.sha256(found[name].read_bytes()).hexdigest() for name in found}
    return dict(sorted(told.items()))


def _fingerprint() -> str:
    """What is there to collect: every file's name, size and time of change."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda each: each[0]):
            told = Path(storage.path(name)).stat()
            found.update(f"{name}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
    return found.hexdigest()
