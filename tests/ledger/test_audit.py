"""fsck_ledger finds what a thief of the database would change, and nothing where nothing is wrong."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import audit, services
from ledger.models import Entry
from tests.conftest import guards_down
from tests.ledger.test_races import at_once
from tests.make import ledger as make
from tests.make import stored
from tests.make.worlds import made_once

pytestmark = pytest.mark.django_db(transaction=True)


@made_once
def written() -> Entry:
    """Both logs with a full tile, an edge and something waiting; that."""
    for n in range(260):
        make.entry(str(n))
    make.sealed_entry("秘密")
    make.sequenced()
    return make.entry("waiting")


@pytest.fixture
def history():
    """What is written there, and a blob: its digest."""
    written()
    return services.publish_blob(b"a manifest")


def tamper(*statements: str) -> None:
    with guards_down(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_an_honest_ledger_holds(history, capsys):
    call_command("fsck_ledger")

    assert "public: 261 entries hold" in capsys.readouterr().out


def test_what_is_written_while_it_reads_is_no_fault(history):
    asked = list[str]()

    def meanwhile(execute: Callable[..., object], sql: str, *rest: Any) -> object:
        asked.append(sql)
        if "ledger_tile" in sql and sum("ledger_tile" in each for each in asked) == 1:  # the checkpoint has been read
            at_once(lambda: (make.entry("meanwhile"), make.sequenced()))
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        assert list(audit.faults()) == []
    assert Entry.objects.filter(placement__isnull=False, event__contains="meanwhile").exists()


TAMPERINGS = {
    "an entry rewritten": (
        "UPDATE ledger_entry SET event = REPLACE(event, '\"text\":\"7\"', '\"text\":\"8\"') WHERE seq = 8",
        "its leaf is not its event's",
    ),
    "an entry rewritten together with its leaf": (
        "UPDATE ledger_entry SET event = (SELECT o.event FROM ledger_entry o WHERE o.seq = 9 AND o.log = 'public'),"
        " leaf = (SELECT o.leaf FROM ledger_entry o WHERE o.seq = 9 AND o.log = 'public') WHERE seq = 8",
        "its event has another number",
    ),
    "an entry renamed": ("UPDATE ledger_entry SET kind = 'x' WHERE seq = 8", "its event is not what was recorded"),
    "two entries swapped": (
        "UPDATE ledger_placement SET \"index\" = CASE \"index\" WHEN 3 THEN 100004 ELSE 100003 END"
        " WHERE \"index\" IN (3, 4) AND log = 'public'",
        "leaf 100003 is not",
    ),
    "a placement gone": ("DELETE FROM ledger_placement WHERE log = 'public'", "belongs to no entry"),
    "a tile edited": ("UPDATE ledger_tile SET data = root WHERE level = 0", "not what its leaves make"),
    "a tile gone": ("DELETE FROM ledger_tile WHERE level = 0", "is missing"),
    "the edge cut": ("DELETE FROM ledger_edge WHERE log = 'public'", "leaves, the checkpoint says"),
    "an edge hash edited": ("UPDATE ledger_edge SET hash = leaf WHERE log = 'public'", "is wrong"),
    "a checkpoint resized": ("UPDATE ledger_checkpoint SET size = 5 WHERE log = 'public'", "says something else"),
    "a stream shortened": ("UPDATE ledger_stream SET last = 3", "entries, the last is"),
    "what waits forgotten": ("DELETE FROM ledger_pending", "neither placed nor waiting"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_change_is_found(history, statement, fault):
    tamper(statement)

    assert fault in "\n".join(audit.faults())


def test_blobs_are_read_back(history):
    stored.path_of(history).write_bytes(b"another manifest")
    assert f"blob {history}: its bytes have changed" in list(audit.faults())

    stored.path_of(history).unlink()
    assert f"blob {history}: its bytes are gone" in list(audit.faults())


def test_a_stream_without_its_entries_is_missed(history):
    tamper("INSERT INTO ledger_stream (log, name, last) VALUES ('public', 'project/T-7', 4)")

    assert "stream public project/T-7: 4 entries are gone" in list(audit.faults())


def test_guards_that_are_gone_are_missed(history):
    with guards_off("ledger_tile"):
        assert "ledger_tile: the database does not keep it append-only" in list(audit.faults())


def test_a_queue_that_is_gone_is_missed(history):
    with guards_off("ledger_entry"):
        assert "ledger_entry: new entries are not put in the queue" in list(audit.faults())


@contextlib.contextmanager
def guards_off(table: str):
    """A table without its triggers, as its owner could leave it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET ROLE NONE; ALTER TABLE {table} DISABLE TRIGGER USER; RESET ROLE")
            yield
            cursor.execute(f"SET ROLE NONE; ALTER TABLE {table} ENABLE TRIGGER USER; RESET ROLE")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def test_the_command_fails_where_something_does_not_hold(history):
    tamper("DELETE FROM ledger_pending")

    with pytest.raises(CommandError, match="1 fault"):
        call_command("fsck_ledger")
