"""Two PostgreSQL servers: what was acknowledged survives the first, and who works finds the second by himself."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from accounts.models import User
from config import refusals, replica
from config.postgresql.told import database
from config.up import engines
from config.up.parts import as_user
from config.up.supervisor import Supervisor
from ledger import golive, witnesses
from ledger.models import Entry, HighWater, Log
from rulebook import clock
from tests.cast import NOON, OFFICER
from tests.config.processes import ROOT, eventually, running
from tests.engines import ROLES, home
from tests.ledger.test_witnesses import Office
from tests.make import accounts
from tests.make import ledger as make_ledger

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
NAME = "house"


@dataclass
class Pair:
    """first: the primary; second: its standby, until it is promoted.  Each the URL of its owner.

    folder: has the base backup the standby was made from, and the WAL of the first.  user: whom servers run as.
    """

    watcher: Supervisor
    first: str
    second: str
    folder: Path
    user: str

    def ask(self, url: str, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url, autocommit=True) as held:
            cursor = held.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def follow(self, url: str, where: str) -> None:
        with psycopg.connect(url, autocommit=True) as held:
            held.execute(sql.SQL("ALTER SYSTEM SET primary_conninfo = {}").format(where))
            held.execute("SELECT pg_reload_conf()")

    def of(self, role: str, *urls: str) -> str:
        """Where a process finds the primary among these, whichever it is."""
        hosts = ",".join(urlsplit(url).query.removeprefix("host=") for url in urls)
        return f"postgresql://{role}@/{NAME}?host={hosts}&target_session_attrs=read-write"


@contextlib.contextmanager
def pair() -> Iterator[Pair]:
    with home("mb-two-") as folder:
        watcher, parts, urls = Supervisor(folder / "logs", say=lambda line: None), [], []
        try:
            for name in ("first", "second"):
                place = folder / name
                (place / "run").mkdir(parents=True)
                if parts:
                    _copy(urls[0], place / "postgres", parts[0].user)
                    subprocess.run(["cp", "-a", place / "postgres", folder / "base"], check=True)
                part, url = engines.postgres(place, place / "run")
                part = replace(part, name=name)
                if not parts:
                    part = replace(part, words=(*part.words, *_archived(folder / "wal", part.user)))
                watcher.start([part])
                parts.append(part)
                urls.append(urlsplit(url)._replace(path=f"/{NAME}").geturl())
                if len(parts) == 1:
                    _fill(url, urls[0])
            yield Pair(watcher, *urls, folder, parts[0].user)
        finally:
            watcher.stop()


def _archived(wal: Path, user: str) -> tuple[str, ...]:
    """A server with these words keeps its WAL there, each file once."""
    wal.mkdir()
    if user:
        shutil.chown(wal, user)
    return "-c", "archive_mode=on", "-c", f"archive_command=test ! -f {wal}/%f && cp %p {wal}/%f"


def _fill(server: str, own: str) -> None:
    with psycopg.connect(server, autocommit=True) as held:
        for role in ROLES:
            held.execute(f"CREATE ROLE {role} LOGIN")
        held.execute(f"CREATE DATABASE {NAME}")
    made = os.environ.get("TEST_TABLES", "")
    if not made:
        told = {**os.environ, "DATABASE_URL": own, "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=told, check=True)
        return
    with subprocess.Popen([engines.of_postgres("pg_dump"), made], stdout=subprocess.PIPE) as dump:
        words = [engines.of_postgres("psql"), "-q", "-v", "ON_ERROR_STOP=1", own]
        subprocess.run(words, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def _copy(first: str, data: Path, user: str) -> None:
    if user:
        shutil.chown(data.parent, user)
    words = [engines.of_postgres("pg_basebackup"), "-d", first, "-D", str(data), "-R", "-X", "stream", "-c", "fast"]
    subprocess.run([*as_user(user), "--", *words], check=True, cwd="/", capture_output=True)


def test_failover_loses_nothing_that_was_acknowledged_and_processes_find_the_new_primary() -> None:
    with pair() as two:
        two.ask(two.first, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        two.ask(two.first, "SELECT pg_reload_conf()")
        eventually(lambda: two.ask(two.first, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"))
        told = {
            "DATABASE_URL": two.of(settings.RUN_ROLE, two.first, two.second),
            "MINGBIAO_STANDBY": "true",
            "MINGBIAO_COMMIT_WAIT": "1.5",
            "MINGBIAO_POOL_WAIT": "2",
            "MINGBIAO_DATA": str(settings.DATA),
        }
        with running(["-m", "tests.config.acting"], **told) as process:
            assert process.stdout is not None
            heard: list[str] = []

            def until(word: str, *, more: int) -> None:
                wanted = sum(line.startswith(word) for line in heard) + more
                while sum(line.startswith(word) for line in heard) < wanted:
                    line = process.stdout.readline()
                    assert line, "".join(heard)  # it has ended
                    heard.append(line)

            until("acted", more=20)
            _comes_back_to_an_instant_and_not_behind_its_witness(two, [line.split()[1] for line in heard])
            with override_settings(REPLICA_LAG=600):
                _pages_come_from_it_while_it_is_near(two)

            # Without its standby the primary commits, and nobody is told so.
            [(where,)] = two.ask(two.second, "SHOW primary_conninfo")
            two.follow(two.second, "")
            until("failed", more=1)
            assert "Unconfirmed" in heard[-1]
            two.follow(two.second, str(where))
            until("acted", more=5)

            two.watcher.running["first"].process.kill()
            until("failed", more=1)
            two.ask(two.second, "SELECT pg_promote()")
            until("acted", more=10)
        kept = {str(name) for (name,) in two.ask(two.second, "SELECT username FROM accounts_user")}
        lost = [line for line in heard if line.startswith("acted") and f"act{line.split()[1]}" not in kept]
        assert not lost


def _comes_back_to_an_instant_and_not_behind_its_witness(two: Pair, acted: list[str]) -> None:
    """From the base backup and the WAL: to just before an entry, which a witness has; then to the end."""
    bureau = Office("bureau.example/w1", two.folder)
    with override_settings(WITNESSES=[bureau.entry], QUORUM=1):
        try:
            with standing_on(two.first):
                _told("before")
                [(instant,)] = two.ask(two.first, "SELECT clock_timestamp()")
                _told("after")
                golive.check()
            [(last,)] = two.ask(two.first, "SELECT pg_walfile_name(pg_switch_wal())")
            eventually((two.folder / "wal" / str(last)).exists)
            _restored(two, f"recovery_target_time = '{instant}'\nrecovery_target_action = 'pause'")
            third = _at("third", two)
            paused = "SELECT 1 WHERE pg_get_wal_replay_pause_state() = 'paused'"
            eventually(lambda: two.ask(third, paused))
            with standing_on(third):
                assert Entry.objects.count() == 1
                with pytest.raises(golive.LogRolledBack):
                    golive.check()
            running_ = two.watcher.running["third"].process
            running_.terminate()
            running_.wait(60)
            _restored(two, "recovery_target_time = ''", anew=False)
            eventually(lambda: two.ask(third, "SELECT 1 WHERE NOT pg_is_in_recovery()"))
            with standing_on(third):
                assert Entry.objects.count() == 2
                golive.check()
                assert {f"act{number}" for number in acted} <= {*User.objects.values_list("username", flat=True)}
        finally:
            bureau.close()


def _told(text: str) -> None:
    """An entry that is placed and signed for."""
    make_ledger.entry(text)
    make_ledger.sequenced()
    (witness,) = witnesses.configured()
    assert [witnesses.ask(witness, name, at=NOON) for name in (Log.SEALED, Log.PUBLIC)][1]


def _at(name: str, two: Pair) -> str:
    return f"postgresql://postgres@/{NAME}?host={two.folder / name / 'run' / 'postgres'}"


def _restored(two: Pair, target: str, *, anew: bool = True) -> None:
    """A third server, from the base backup and as much of the WAL as it is told."""
    place = two.folder / "third"
    data = place / "postgres"
    if anew:
        (place / "run").mkdir(parents=True)
        subprocess.run(["cp", "-a", two.folder / "base", data], check=True)
        (data / "standby.signal").rename(data / "recovery.signal")
        with (data / "postgresql.auto.conf").open("a") as told:
            told.write(f"\nprimary_conninfo = ''\nrestore_command = 'cp {two.folder}/wal/%f %p'\n")
    with (data / "postgresql.auto.conf").open("a") as told:
        told.write(f"{target}\n")
    part, _ = engines.postgres(place, place / "run")
    two.watcher.start([replace(part, name="third")])


@contextlib.contextmanager
def standing_on(url: str) -> Iterator[None]:
    """This process works on another database, as the run-time role; on its own again afterwards."""
    here, own = connections["default"], dict(connections["default"].settings_dict)
    _let_go(here)
    here.settings_dict.update(database(url.replace("postgres@", f"{settings.RUN_ROLE}@"), settings.ENV))
    try:
        yield
    finally:
        _let_go(here)
        here.settings_dict.update(own)


def _let_go(here: Any) -> None:
    here.close()
    here.close_pool()


def _pages_come_from_it_while_it_is_near(two: Pair) -> None:
    """The replica is of another house than the test's own: what is read there is seen at once."""
    url = two.second.replace("postgres@", f"{settings.READ_ROLE}@")
    connections.settings[replica.ALIAS] = connections.settings["default"] | database(url, settings.ENV, reads=True)
    there = connections[replica.ALIAS]

    def connected() -> None:  # Django lets no test into a database that was not there when the test began
        if there.connection is None:
            with there.wrap_database_errors:
                there.connect()

    there.ensure_connection = connected  # type: ignore[method-assign]
    try:
        mark(two, ago=2 * settings.REPLICA_LAG)
        eventually(HighWater.objects.using(replica.ALIAS).exists)
        two.ask(two.second, "SELECT pg_wal_replay_pause()")
        mark(two)
        assert not replica.is_fresh() and not asked_there(lambda: Client().get("/blacklist/"))
        two.ask(two.second, "SELECT pg_wal_replay_resume()")
        eventually(replica.is_fresh)

        stranger, signed_in = Client(), Client()
        signed_in.force_login(accounts.user(OFFICER))
        assert asked_there(lambda: stranger.get("/blacklist/"))
        assert not asked_there(lambda: stranger.get("/accounts/login/"))
        assert not asked_there(lambda: signed_in.get("/blacklist/"))
        stranger.post("/language/en/")
        assert not asked_there(lambda: stranger.get("/blacklist/"))
        with replica.reading():
            assert User.objects.filter(username="act0").exists()
            with pytest.raises(DatabaseError) as raised:
                User.objects.filter(username="act0").update(name="x")
            assert refusals.is_outage(raised.value)
        assert not User.objects.filter(username="act0").exists()
    finally:
        there.close()
        there.close_pool()
        del connections.settings[replica.ALIAS], connections[replica.ALIAS]


def mark(two: Pair, *, ago: float = 0) -> None:
    at = clock.now() - timedelta(seconds=ago)
    with psycopg.connect(two.first, autocommit=True) as held:
        held.execute(
            "INSERT INTO ledger_highwater (id, at) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET at = %s", [at, at]
        )


def asked_there(ask: Callable[[], HttpResponse]) -> bool:
    with CaptureQueriesContext(connections[replica.ALIAS]) as seen:
        assert ask().status_code == 200
    return any("accounts_" in each["sql"] or "blacklist_" in each["sql"] for each in seen)
