"""What is final is out of the run-time role's reach in PostgreSQL: with the guards standing or taken down."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import errors, sql

from config import engine, grants
from tests.config.test_append_only import MODELS, ONCE

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]
PARTLY = {apps.get_model(name)._meta.db_table: columns for name, columns in ONCE.items()}
Connection = psycopg.Connection[tuple[Any, ...]]
OF_OWNERS = (
    "DELETE FROM {}",
    "TRUNCATE {}",
    "TRUNCATE {} CASCADE",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} ADD COLUMN more int",
    "ALTER TABLE {} OWNER TO CURRENT_USER",
    "DROP TABLE {} CASCADE",
    "CREATE INDEX ON {} ((1))",
    "CREATE RULE passing AS ON INSERT TO {} DO INSTEAD NOTHING",
    "CREATE TRIGGER passing BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION ledger_append_only()",
)


def as_role(role: str) -> Connection:
    """A connection signed in as this role, as a process of the house is: no way back to the owner."""
    told = connection.settings_dict
    return psycopg.connect(
        dbname=told["NAME"], host=told["HOST"], port=told["PORT"] or None, user=role, autocommit=True
    )


@contextmanager
def as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute("RESET ROLE")


@cache
def granted() -> None:
    with as_owner():
        grants.apply(run=settings.RUN_ROLE, read=settings.READ_ROLE)


@pytest.fixture
def run() -> Iterator[Connection]:
    granted()
    with as_role(settings.RUN_ROLE) as held:
        yield held


def do(held: Connection, statement: str, *names: str) -> None:
    held.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def refused(held: Connection, statement: str, *names: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        do(held, statement, *names)


def test_every_way_to_change_what_is_final_is_refused_whatever_becomes_of_the_guards(run) -> None:
    for model in MODELS:
        table = model._meta.db_table
        do(run, "GRANT UPDATE ON {} TO CURRENT_USER", table)  # PostgreSQL only warns who has nothing to give
        for statement in OF_OWNERS:
            refused(run, statement, table)
        refused(run, "SELECT 1 FROM {} FOR UPDATE", table)
        refused(run, "DROP TRIGGER {} ON {}", f"{table}_append_only", table)
        for field in model._meta.concrete_fields:
            refused(run, "UPDATE {} SET {} = {}", table, field.column, field.column)


def test_of_rows_final_but_for_some_columns_only_those_may_be_written(run) -> None:
    for table, (final, once, _) in PARTLY.items():
        for statement in OF_OWNERS:
            refused(run, statement, table)
        refused(run, "UPDATE {} SET {} = {}", table, final, final)
        do(run, "UPDATE {} SET {} = {} WHERE false", table, once, once)


def test_a_ban_is_neither_shortened_nor_extended_nor_deleted(run) -> None:
    for table, columns in {
        "blacklist_sanction": ("starts_on", "ends_on", "publish_until", "code"),
        "blacklist_sanctionkey": ("key", "ends_on"),
        "blacklist_restriction": ("starts_at", "ends_at"),
    }.items():
        refused(run, "DELETE FROM {}", table)
        for column in columns:
            refused(run, "UPDATE {} SET {} = {}", table, column, column)


def test_the_role_makes_nothing_and_switches_nothing_off(run) -> None:
    for statement in (
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE bidding_tender (id int)",  # it would stand before the real one in what a guard asks
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION ledger_append_only() RENAME TO no_more",
        "DROP FUNCTION ledger_append_only() CASCADE",
        "CREATE ROLE mine",
        "SET ROLE postgres",
        "DELETE FROM django_migrations",
        "COPY ledger_entry TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
    ):
        refused(run, statement)


def test_the_reading_role_reads_all_and_writes_nothing(run) -> None:
    with as_role(settings.READ_ROLE) as held:
        for table in grants.allowed():
            do(held, "SELECT 1 FROM {} LIMIT 1", table)
            refused(held, "DELETE FROM {}", table)
            refused(held, "INSERT INTO {} DEFAULT VALUES", table)


def test_a_process_finds_a_right_too_many_one_too_few_and_a_guard_that_is_off(run) -> None:
    assert engine.rights() == ()

    with as_owner():
        assert "is a superuser" in engine.rights()
        cursor = connection.cursor()
        cursor.execute(f"GRANT UPDATE (ends_on) ON blacklist_sanction TO {settings.RUN_ROLE}")
        cursor.execute("ALTER TABLE bidding_bid DISABLE TRIGGER bidding_bid_append_only")
        cursor.execute(f"REVOKE INSERT ON bidding_bid FROM {settings.RUN_ROLE}")
    assert set(engine.rights()) == {
        "the guard bidding_bid_append_only of bidding_bid is switched off",
        "may update blacklist_sanction (ends_on)",
        "may not insert into bidding_bid",
    }
    with as_owner():
        cursor.execute("ALTER TABLE bidding_bid ENABLE TRIGGER bidding_bid_append_only")
        call_command("grant")
    assert engine.rights() == ()


def test_the_command_names_the_roles_that_are_not_there(settings) -> None:
    settings.READ_ROLE = "nobody_made_this"
    with as_owner(), pytest.raises(CommandError, match='CREATE ROLE "nobody_made_this"'):
        call_command("grant")
