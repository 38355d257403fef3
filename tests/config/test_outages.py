"""What PostgreSQL answers when it is down, overrun or reading only leaves the house as 503, and a bug as a bug."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.test import Client, RequestFactory

from accounts.models import Organisation
from config import refusals
from config.postgresql import Unconfirmed
from tests.cast import OFFICER
from tests.make import accounts

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]
PAGE = {"Accept": "text/html"}
PASSES = (
    "08006", "25006", "25P03", "25P04", "40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02",
    "57P03", "58030",
)  # fmt: skip
BUGS = ("22012", "23505", "25P02", "42501", "42P01", "P0001", "XX000")


def test_what_passes_is_told_from_what_is_a_bug() -> None:
    for state in (*PASSES, *BUGS):
        with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$")
        assert refusals.is_outage(raised.value) is (state in PASSES), state


@contextmanager
def another() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    told = connection.settings_dict
    with psycopg.connect(
        dbname=told["NAME"], host=told["HOST"], port=told["PORT"] or None, user=told["USER"], autocommit=True
    ) as held:
        yield held


def test_a_lock_that_does_not_come_and_a_server_that_reads_only_pass() -> None:
    house = accounts.organisation(OFFICER.organisation)
    with another() as held, held.transaction():
        held.execute("SELECT 1 FROM accounts_organisation FOR UPDATE")
        with pytest.raises(OperationalError) as raised, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 50")
            Organisation.objects.select_for_update().get(pk=house.pk)
        assert refusals.is_outage(raised.value)

    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        house.save(update_fields=["name"])
    assert refusals.is_outage(raised.value)


def test_a_connection_cut_between_requests_is_not_noticed_and_one_cut_in_a_transaction_is_told() -> None:
    client, own = Client(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> '' AND pid <> %s"
    assert client.get("/", headers=PAGE).status_code == 200
    connection.close()
    with another() as held:
        held.execute(own + " AND datname = current_database()", [held.info.backend_pid])
    assert client.get("/", headers=PAGE).status_code == 200

    with pytest.raises((OperationalError, InterfaceError)) as raised, transaction.atomic(), another() as held:
        list(Organisation.objects.all())
        held.execute(own + " AND datname = current_database()", [held.info.backend_pid])
        list(Organisation.objects.all())
    assert refusals.is_outage(raised.value)
    assert client.get("/", headers=PAGE).status_code == 200


def test_a_commit_whose_answer_was_lost_is_no_acknowledgement_and_its_maker_is_told_to_look() -> None:
    with pytest.raises(Unconfirmed) as raised, transaction.atomic():
        accounts.organisation(OFFICER.organisation)
        with another() as held:
            held.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    told = refusals.answer(RequestFactory().post("/api/"), raised.value)
    assert told is not None and told.status_code == 503 and told["Retry-After"]
    assert json.loads(told.content)["reasons"][0]["code"] == "site.uncertain"


@contextmanager
def nowhere() -> Iterator[None]:
    """The server is gone, also for what the pool holds."""
    told, options = connection.settings_dict, connection.settings_dict["OPTIONS"]
    host, pool = told["HOST"], options["pool"]
    connection.close()
    connection.close_pool()
    told["HOST"], options["pool"] = "/nowhere", {**pool, "timeout": 0.1}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        told["HOST"], options["pool"] = host, pool


def test_without_a_database_every_door_says_when_to_come_back_and_none_fails() -> None:
    signed_in, stranger = Client(raise_request_exception=False), Client(raise_request_exception=False)
    signed_in.force_login(accounts.user(OFFICER))
    with nowhere():
        for client in (signed_in, stranger):
            for path in ("/desk/", "/notices/", "/api/notices", "/readyz"):
                for accept in ("text/html", "application/json"):
                    answer = client.get(path, headers={"Accept": accept})
                    assert answer.status_code in ((503,) if client is signed_in else (503, 200, 302)), path
                    assert answer.status_code != 503 or path == "/readyz" or answer["Retry-After"], path
        assert signed_in.post("/accounts/logout/").status_code in (403, 404, 503)


def test_a_pool_with_nothing_left_says_so() -> None:
    options = connection.settings_dict["OPTIONS"]
    pool = options["pool"]
    connection.close()
    connection.close_pool()
    options["pool"] = {"min_size": 1, "max_size": 1, "timeout": 0.2}
    held, done, answers = threading.Event(), threading.Event(), []

    def holds() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            held.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=holds)
    thread.start()
    try:
        assert held.wait(60)
        answers = [Client(raise_request_exception=False).get(path) for path in ("/notices/", "/readyz")]
    finally:
        done.set()
        thread.join()
        connection.close()
        connection.close_pool()
        options["pool"] = pool
    assert [answer.status_code for answer in answers] == [503, 503] and answers[0]["Retry-After"]


def test_a_statement_that_takes_too_long_is_an_outage_at_every_door() -> None:
    def slowly(execute: Any, statement: str, *more: Any) -> Any:
        return execute("SELECT pg_sleep(5)" if statement.startswith("SELECT") else statement, None, *more[1:])

    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
    try:
        for path, accept in (("/notices/", "text/html"), ("/api/notices", "application/json")):
            with connection.execute_wrapper(slowly):
                answer = client.get(path, headers={"Accept": accept})
            assert answer.status_code == 503 and answer["Retry-After"], path
    finally:
        connection.close()
        connection.close_pool()
