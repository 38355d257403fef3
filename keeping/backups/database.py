"""The database as one stream of bytes, consistent while everybody goes on working; and back into an empty one.

SQLite by `VACUUM INTO`: one read transaction, which writers do not wait for. A copied file would not do: it passes its
own integrity check and misses what lay in the WAL. PostgreSQL by `pg_dump`, one snapshot likewise.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from proofs.backup import BLOCK, blocks

DEFAULT_DUMP = ("--format=custom", "--no-owner", "--no-privileges")


class Unable(RuntimeError):
    """It cannot be done here and now; the text says what is missing."""


def engine() -> str:
    """Which engine and version: `sqlite 3.40` or `postgresql 18`."""
    if connection.vendor == "sqlite":
        return f"sqlite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return f"postgresql {int(cursor.fetchone()[0]) // 10000}"


@contextmanager
def dumped() -> Iterator[Iterable[bytes]]:
    """The database's bytes as of one instant. Unable where a program is missing or the dump fails."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".backup-") as folder:
            copy = Path(folder) / "database"
            with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60)) as living:
                living.execute("VACUUM INTO ?", [str(copy)])
            with copy.open("rb") as file:
                yield blocks(file)
        return
    command = [_program("pg_dump"), *DEFAULT_DUMP]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()) as process:
        assert process.stdout and process.stderr, "both are pipes"
        yield _all_of(process)


def _all_of(process: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    assert process.stdout and process.stderr, "both are pipes"
    while block := process.stdout.read(BLOCK):
        yield block
    said = process.stderr.read().decode(errors="replace")
    if process.wait():
        raise Unable(f"pg_dump: {said.strip()}")


def is_empty() -> bool:
    """Whether there is nothing that a restore would overwrite."""
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        return not any(path.with_name(path.name + end).exists() for end in ("", "-wal", "-journal"))
    return not connection.introspection.table_names()


def restore(data: Iterable[bytes]) -> None:
    """Put a dump into the empty database, all of it or nothing. Unable where a program is missing or it fails."""
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        draft = path.with_name(f".{path.name}.restoring")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for block in data:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        with closing(sqlite3.connect(draft)) as whole:
            if (said := whole.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise Unable(f"the database does not hold: {said}")
        os.replace(draft, path)
        return
    connection.close()
    command = [_program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction",
               "--dbname", settings.DATABASES["default"]["NAME"]]  # fmt: skip
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors, env=_environment()) as process,
    ):
        assert process.stdin, "it is a pipe"
        try:
            for block in data:
                process.stdin.write(block)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why below
        except BaseException:
            process.kill()  # half of a dump: nothing of it is committed
            raise
        if process.wait():
            errors.seek(0)
            raise Unable(f"pg_restore: {errors.read().decode(errors='replace').strip()}")


def _environment() -> dict[str, str]:
    """How the PostgreSQL programs find the server: by environment, so that no password is seen among processes."""
    told: dict[str, Any] = settings.DATABASES["default"]
    own = {"PGDATABASE": told["NAME"], "PGUSER": told["USER"], "PGPASSWORD": told["PASSWORD"], "PGHOST": told["HOST"],
           "PGPORT": told["PORT"]}  # fmt: skip
    options = {f"PG{name.upper()}": str(told["OPTIONS"][name]) for name in ("sslmode", "sslrootcert")
               if name in told["OPTIONS"]}  # fmt: skip
    return {**os.environ, **{name: value for name, value in own.items() if value}, **options}


def _program(name: str) -> str:
    """Where a PostgreSQL program of the server's version or a later one lies. Unable where there is none."""
    found = shutil.which(name)
    if found is None:
        raise Unable(f"{name} is not on PATH: install postgresql-client of the server's version")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    own, server = int((re.search(r"(\d+)", said) or [0, "0"])[1]), int(engine().split(" ")[1])
    if own < server:
        raise Unable(f"{found} is of version {own}, the server of {server}: put postgresql-client-{server} on PATH")
    return found
