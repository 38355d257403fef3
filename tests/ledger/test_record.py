"""An act and its entry are one; streams have no gaps."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import rfc8785
from django.db import IntegrityError, connection, transaction

from ledger import blobs, services
from ledger.events import Event, plain
from ledger.models import Blob, Entry, Pending
from rulebook.actor import Role
from tests import final
from tests.cast import HOUR, NOON
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def test_a_public_leaf_is_the_whole_event():
    entry = make.entry("开标", stream="project/T-9")

    assert json.loads(bytes(entry.leaf)) == {
        "v": "ev/1", "t": "test.said", "ts": "2026-11-24T04:00:00.000000Z",
        "d": {"stream": "project/T-9", "seq": 1, "text": "开标"},
    }  # fmt: skip
    assert bytes(entry.leaf) == rfc8785.dumps(json.loads(entry.event))


def test_a_sealed_leaf_commits_to_the_event_and_says_nothing():
    entry = make.sealed_entry("1000000.00")

    commitment = hashlib.sha256(b"ev1/blind\0" + entry.nonce + entry.event.encode()).hexdigest()
    assert json.loads(entry.leaf) == {"v": "ev/1", "c": commitment}


def test_the_same_secret_twice_makes_two_leaves():
    assert bytes(make.sealed_entry("x").leaf) != bytes(make.sealed_entry("x").leaf)


def test_a_sealed_event_does_not_count():
    make.sealed_entry()
    tenth = make.sealed_entry()

    assert set(json.loads(tenth.event)["d"]) == {"stream", "text"}


def test_streams_count_for_themselves_in_each_log():
    numbers = [
        make.entry(stream="keys").seq, make.entry(stream="keys").seq, make.entry(stream="project/T-1").seq,
        make.sealed_entry(stream="keys").seq,
    ]  # fmt: skip

    assert numbers == [1, 2, 1, 1]


def test_an_act_that_fails_leaves_no_entry_and_no_gap():
    make.entry("一")

    with pytest.raises(IntegrityError), transaction.atomic():
        services.record(make.Said("project/T-1", "二"), at=NOON)
        raise IntegrityError

    assert make.entry("三").seq == 2
    assert Entry.objects.count() == Pending.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        services.record(make.Said("project/T-1"), at=NOON)


def test_what_is_too_long_for_an_entry_is_refused():
    with pytest.raises(ValueError, match="too long"):
        make.entry("长" * 30_000)


@pytest.mark.embedded
def test_values_have_one_spelling():
    told = plain({
        "at": NOON, "on": date(2026, 11, 24), "sum": Decimal("1.10"), "id": UUID(int=1), "hash": b"\1",
        "role": Role.EXPERT, "list": (1, True, None), "map": {"a": [HOUR.seconds]},
    })  # fmt: skip

    assert told == {
        "at": "2026-11-24T04:00:00.000000Z", "on": "2026-11-24", "sum": "1.10",
        "id": "00000000-0000-0000-0000-000000000001", "hash": "01", "role": "expert", "list": [1, True, None],
        "map": {"a": [3600]},
    }  # fmt: skip


@pytest.mark.embedded
@pytest.mark.parametrize("value", [1.5, {1: "x"}, object(), {"a": {2.5}}, 2**53, -(2**53)])
def test_what_json_cannot_hold_exactly_is_refused(value):
    with pytest.raises(TypeError):
        plain(value)


def test_an_event_without_fields_has_no_data():
    @dataclass(frozen=True)
    class Bare(Event):
        kind = "test.bare"

    assert Bare("keys").data() == {}


def test_a_blob_is_known_by_what_it_is():
    sha256 = services.publish_blob(b"manifest")

    assert sha256 == hashlib.sha256(b"manifest").hexdigest() == services.publish_blob(b"manifest")
    assert blobs.read(sha256) == b"manifest"
    assert Blob.objects.get().size == 8


REWRITES = {
    "update": "UPDATE ledger_entry SET kind = 'test.forged'",
    "delete": "DELETE FROM ledger_entry",
    "move": "UPDATE ledger_placement SET \"index\" = \"index\" + 1",
    "unplace": "DELETE FROM ledger_placement",
    "resize": "UPDATE ledger_checkpoint SET size = 7",
    "tile": "UPDATE ledger_tile SET data = root",
    "blob": "DELETE FROM ledger_blob",
}  # fmt: skip


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES.keys())
def test_the_database_itself_refuses_to_rewrite(rewrite):
    for _ in range(257):
        make.entry()
    make.sequenced()
    services.publish_blob(b"x")

    with final.refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(rewrite)


@pytest.mark.embedded
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("first", ["id, ", ""])
def test_replace_does_not_slip_past_the_guards(first, recursive):
    columns = first + "log, stream, seq, kind, at, event, leaf"
    make.entry()
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive}")

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"INSERT OR REPLACE INTO ledger_entry ({columns}) SELECT {columns} FROM ledger_entry")

        cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.scaled
@pytest.mark.django_db(transaction=True)
def test_no_table_of_the_ledger_can_be_truncated():
    make.entry()

    with final.refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_entry CASCADE")
