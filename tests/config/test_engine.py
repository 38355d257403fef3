"""The house does not start on a database that could lose what it acknowledged."""

import pytest
from django.db import connection

from config import engine

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_database_as_configured_is_durable():
    assert engine.weaknesses() == {}


@pytest.mark.embedded
@pytest.mark.parametrize("pragma", ["synchronous = NORMAL", "foreign_keys = OFF", "recursive_triggers = OFF"])
def test_a_weaker_sqlite_is_refused(pragma):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

    assert list(engine.weaknesses()) == [pragma.split(" ")[0]]

    connection.close()


@pytest.mark.scaled
def test_a_weaker_postgresql_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")

    assert engine.weaknesses() == {"synchronous_commit": "off"}

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
