"""Refuses to start on a database that could lose what it has acknowledged."""

from django.db import connection

NEEDED_OF_SQLITE = {"journal_mode": ("wal",), "synchronous": (2, 3), "foreign_keys": (1,), "recursive_triggers": (1,)}
NEEDED_OF_POSTGRESQL = {"fsync": ("on",), "synchronous_commit": ("on", "remote_write", "remote_apply"),
                        "full_page_writes": ("on",)}  # fmt: skip


class NotDurable(RuntimeError):
    """The database is set up so that a power cut could lose acknowledged bids."""


def check() -> None:
    """NotDurable unless the database writes before it answers and the append-only guards cannot be slipped past."""
    postgresql = connection.vendor == "postgresql"
    word, needed = ("SHOW", NEEDED_OF_POSTGRESQL) if postgresql else ("PRAGMA", NEEDED_OF_SQLITE)
    with connection.cursor() as cursor:
        for name, allowed in needed.items():
            cursor.execute(f"{word} {name}")
            value = cursor.fetchone()[0]
            if value not in allowed:
                raise NotDurable(f"{name} is {value!r}, must be one of {allowed}")
