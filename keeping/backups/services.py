"""Make a backup, check it, restore it. Acts of whoever has the machine: there is no door to them on the site."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from keeping.backups import database, files
from ledger import keys
from ledger.models import Blob, Log
from ledger.sequencer import newest_checkpoint
from proofs import backup, canonical
from proofs.backup import DATABASE, NAMES, NOTE, OBJECTS, Backup, Damaged
from proofs.note import Verifier
from rulebook.lasting import make_last
from rulebook.times import iso

FRESH = "secret"
KEY = "backup"  # the note key snapshots are signed with
Say = Callable[[str], None]


class Refusing(RuntimeError):
    """It is not done; the text says why and what to do."""


@dataclass(frozen=True)
class Made:
    """What a backup cost. files, fresh: kept files it holds, and those of them sealed now.  size: bytes written."""

    stamp: str
    files: int
    fresh: int
    size: int


def make(*, folder: Path, to: bytes, at: datetime) -> Made:
    """A snapshot of everything in `folder`, sealed to a public key; finished whole or not there at all.

    Refusing when another backup writes there, or keys lie there; Unable without what the engine needs.
    """
    with _alone(folder):
        if (folder / "keys").exists():
            raise Refusing(f"{folder} holds keys: a backup goes elsewhere")
        heads = {name: (found.note if (found := newest_checkpoint(name)) else "") for name in Log.values}
        stamp = at.strftime("%Y%m%dT%H%M%S%fZ")
        place = folder / "snapshots" / f".{stamp}"
        place.mkdir(parents=True)
        try:
            with database.dumped() as data, _durable(place / DATABASE) as target:
                dump = backup.seal(target, data, to=to, what=DATABASE)
            # Only now: every file that the snapshot of the database names is there already.
            listing, sealed, fresh, size = _files(folder, to, known=_known(folder))
            with _durable(place / NAMES) as target:
                named = backup.seal(target, [canonical.dumps(listing)], to=to, what=NAMES)
            lines = "".join(f"{identity} {told[0]} {told[1]}\n" for identity, told in sorted(sealed.items())).encode()
            with _durable(place / OBJECTS) as target:
                target.write(lines)
            said = backup.Snapshot(
                origin=settings.LOG_ORIGIN, at=iso(at), engine=database.engine(), version=_version(), heads=heads,
                files={DATABASE: dump.sha256, NAMES: named.sha256, OBJECTS: hashlib.sha256(lines).hexdigest()},
            )  # fmt: skip
            with _durable(place / NOTE) as target:
                target.write(said.signed(keys.signer(KEY)).encode())
            os.replace(place, folder / "snapshots" / stamp)
            make_last(folder / "snapshots" / stamp)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return Made(stamp, len(listing), fresh, size + dump.size + named.size)


def _files(
    folder: Path, to: bytes, *, known: dict[str, tuple[str, int, str, int]]
) -> tuple[dict[str, list[str | int]], dict[str, tuple[str, int]], int, int]:
    """Seal what is new: names with plain hash and size, ids with sealed hash and size, how many were new, bytes."""
    listing: dict[str, list[str | int]] = {}
    sealed: dict[str, tuple[str, int]] = {}
    fresh = size = 0
    memory = folder / "known.jsonl"
    with memory.open("a") as remember:
        for name in files.listed():
            identity = backup.object_id(name)
            path = backup.object_path(folder, identity)
            told = known.get(identity)
            if told is None or not path.exists() or path.stat().st_size != told[3]:
                with files.opened(name) as source, _durable(path) as target:
                    made = backup.seal(target, backup.blocks(source), to=to, what=name)
                told = (made.plain_sha256, made.plain_size, made.sha256, made.size)
                remember.write(json.dumps([identity, *told]) + "\n")
                fresh, size = fresh + 1, size + made.size
            listing[name], sealed[identity] = [told[0], told[1]], (told[2], told[3])
    return listing, sealed, fresh, size


def _known(folder: Path) -> dict[str, tuple[str, int, str, int]]:
    """What earlier snapshots sealed: the house cannot open it, so it remembers beside it what each object holds.

    Nothing is believed because it stands here: a wrong line is found when the backup is verified or restored.
    """
    memory = folder / "known.jsonl"
    if not memory.exists():
        return {}
    rows = (json.loads(line) for line in memory.read_text().splitlines() if line.endswith("]"))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def restore(*, found: Backup, key: bytes, say: Say, files_there: bool = False) -> None:
    """Put a snapshot into an empty place: the database, then every kept file.

    files_there: the storage outlived the database; what is in it already is compared, what is missing is put there.
    Refusing where something is there already; Damaged at the first thing that is not what was backed up.
    """
    if not database.is_empty():
        raise Refusing("the database is not empty: a backup is restored into an empty place only")
    if not files_there and (there := next(files.listed(), "")):
        raise Refusing(
            f"the storage holds {there} already: a backup is restored into an empty place only"
            " (--files-there where the storage outlived the database)"
        )
    if database.engine().split(" ")[0] != found.said.engine.split(" ")[0]:
        raise Refusing(f"the backup is of {found.said.engine}, this house stands on {database.engine()}")
    if fault := next(backup.faults(found), ""):
        raise Damaged(fault)
    if files_there:  # first: where one of them is another, the database is empty still and this can be done again
        _put_back(found, key, say)
    with (found.place / DATABASE).open("rb") as source:
        database.restore(backup.unsealed(source, key, what=DATABASE))
    say(f"database: restored as of {found.said.at}")
    if not files_there:
        _put_back(found, key, say)


def _put_back(found: Backup, key: bytes, say: Say) -> None:
    names = backup.names(found, key)
    for name, (sha256, size) in names.items():
        with backup.kept_file(found, name, sha256, key) as file:
            files.put(name, file, sha256=sha256, size=size)
    say(f"files: {len(names)} restored")


def missing(*, found: Backup) -> Iterator[str]:
    """What the restored house lacks: files its rows name, heads the note speaks of, keys that signed its logs."""
    there = set(files.listed())
    for sha256 in Blob.objects.order_by("sha256").values_list("sha256", flat=True).iterator(2000):
        if f"blobs/{sha256[:2]}/{sha256}" not in there:
            yield f"blob {sha256} is missing"
    for name in Log.values:
        said, newest = found.said.heads.get(name, ""), newest_checkpoint(name)
        if said and (newest is None or newest.size < int(said.split("\n")[1])):
            yield f"{name}: the backup speaks of {said.split(chr(10))[1]} leaves, the database holds fewer"
        if newest is not None and not keys.kept(keys.NAMES[name]):
            yield f"keys/{keys.NAMES[name]}.key is missing: bring the keys back before anything starts"


def verifier() -> Verifier | None:
    """The public key of this house's backups, None before the first."""
    return keys.verifier(KEY)


# --- the keys, apart --------------------------------------------------------------------------------------------------


def make_keys(*, folder: Path, to: bytes, at: datetime) -> Path:
    """Seal every key and secret of the house into one file of a folder that holds no backup. Refusing otherwise."""
    if (folder / "snapshots").exists():
        raise Refusing(f"{folder} holds a backup: whoever had both would have everything; keep the keys elsewhere")
    told = {name: canonical.b64u(path.read_bytes()) for name, path in _secrets().items() if path.is_file()}
    place = folder / "keys" / at.strftime("%Y%m%dT%H%M%S%fZ")
    with _durable(place) as target:
        backup.seal(target, [canonical.dumps(told)], to=to, what="keys")
    return place


def restore_keys(*, sealed: Path, key: bytes) -> list[str]:
    """Put the keys of a file back where there is none; returns their names. Refusing where one is there."""
    with sealed.open("rb") as source:
        told = canonical.parse_object(b"".join(backup.unsealed(source, key, what="keys")))
    places = {name: settings.DATA / name for name in told} | {"experts": settings.EXPERT_KEYS}
    if database.is_empty():
        (settings.DATA / FRESH).unlink(missing_ok=True)  # the start of this very command made one
    if there := [name for name in told if places[name].exists()]:
        raise Refusing(f"{', '.join(sorted(there))}: there already; keys are put back where there is none")
    for name, data in told.items():
        places[name].parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(places[name], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(canonical.b64u_bytes(data, name))
    return sorted(told)


def _secrets() -> dict[str, Path]:
    """Name in the data folder ↦ file. The experts' key file may lie anywhere and goes by a name of its own."""
    own = [path for path in Path(settings.KEYS).glob("*") if path.is_file() and not path.name.startswith(".")]
    found = {path.relative_to(settings.DATA).as_posix(): path for path in [*own, settings.DATA / FRESH]}
    found = {name: path for name, path in found.items() if path != settings.EXPERT_KEYS}
    return {**found, "experts": settings.EXPERT_KEYS}


# --- files that are there whole or not at all -------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refusing(f"another backup writes to {folder}") from busy
        for left in (folder / "snapshots").glob(".*"):
            shutil.rmtree(left)  # of one that died; what it had sealed is used
        yield


@contextmanager
def _durable(path: Path) -> Iterator[BinaryIO]:
    """A file to be written; it has its name when everything is in it, and nothing has it otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    make_last(path)


def _version() -> str:
    """A digest of the migrations the database has had: the code that reads it must know them all."""
    applied = sorted("/".join(each) for each in MigrationRecorder(connection).applied_migrations())
    return hashlib.sha256("\n".join(applied).encode()).hexdigest()[:16]
