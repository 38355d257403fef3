"""How long a house of many bids takes to be backed up and restored, on SQLite and files of this machine."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.site import ROOT
from tests import engines

BIDS = 10_000
GOAL = 300.0  # seconds


def restore() -> Iterator[Figure]:
    """A backup of so many bids into an empty place, with every hash checked."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as folder:
        spent = [_asked(folder, step) for step in ("fill", "backup", "backup", "restore")]
    size = spent[0]["size"] / 2**20
    told = f"{BIDS} bids of two sealed files of 64 KiB and their entries ({size:.0f} MiB), SQLite"
    first, again, back = (each["seconds"] for each in spent[1:])
    yield Figure("backup", f"{first:.0f} s", "—", True, f"the first of {told}; the next {again:.0f} s")
    yield Figure("restore", f"{back:.0f} s", f"≤ {GOAL:.0f} s", back <= GOAL, f"a backup of {told}")


def _asked(folder: str, step: str) -> dict[str, float]:
    home = Path(folder) / ("again" if step == "restore" else "house")
    if step == "fill":
        os.environ.setdefault("TEST_TABLES", engines.tables())
        engines.begin(home)
    told = {**os.environ, "MINGBIAO_DATA": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"}
    words = [sys.executable, "-m", "bench.restoring", step, folder]
    done = subprocess.run(words, cwd=ROOT, env=told, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def _fill(folder: Path) -> dict[str, float]:
    """The files as they lie, and as many entries of the sealed log, placed and signed."""
    import secrets
    from hashlib import sha256

    from django.conf import settings
    from django.db import transaction

    from ledger import services
    from tests.cast import NOON
    from tests.make import ledger as make

    size = 0
    for _ in range(2 * BIDS):
        data = b"SBE1" + secrets.token_bytes(65_600)
        name = sha256(data).hexdigest()
        path = settings.DATA / "envelopes" / name[:2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        size += len(data)
    for first in range(0, BIDS, 500):
        with transaction.atomic():
            told = [make.Whispered("project/T-1", str(n)) for n in range(first, first + 500)]
            services.record_all(told, at=NOON)
    services.want_sealed_batch("project/T-1", at=NOON)
    make.sequenced(at=NOON)
    return {"size": size}


def _backup(folder: Path) -> dict[str, float]:
    from keeping.backups import services
    from proofs import backup
    from rulebook import clock

    services.make(folder=folder / "backup", to=backup.recipient(_operator()), at=clock.now())
    return {}


def _restore(folder: Path) -> dict[str, float]:
    from keeping.backups import services
    from proofs import backup

    found = backup.read(folder / "backup", key=None)
    services.restore(found=found, key=backup.reading_key(_operator()), say=lambda _: None)
    assert all("keys/" in each for each in services.missing(found=found))
    return {}


def _operator():  # type: ignore[no-untyped-def]
    from proofs.organisation import Organisation

    return Organisation("operator", 1, bytes(32))


if __name__ == "__main__":
    import time

    import django

    django.setup()
    began = time.perf_counter()
    answer = {"fill": _fill, "backup": _backup, "restore": _restore}[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": time.perf_counter() - began, **answer}))
