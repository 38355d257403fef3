"""A lock on a row that may not change."""

from django.db import connection, models


def hold_final(row: models.Model) -> None:
    """Nobody else holds this row until the transaction is over.

    `FOR UPDATE` asks PostgreSQL for the right to UPDATE, which nobody has on a final row; a lock by its name does not.
    SQLite needs none: BEGIN IMMEDIATE admits one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            name = f"{row._meta.db_table} {row.pk}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
