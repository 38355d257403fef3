"""With which settings a database could lose what it has acknowledged, or let somebody slip past its guards."""

from django.db import connection

NEEDED_OF_SQLITE = {"journal_mode": ("wal",), "synchronous": (2, 3), "foreign_keys": (1,), "recursive_triggers": (1,)}
NEEDED_OF_POSTGRESQL = {"fsync": ("on",), "synchronous_commit": ("on", "remote_write", "remote_apply"),
                        "full_page_writes": ("on",)}  # fmt: skip


def weaknesses() -> dict[str, str]:
    """The settings that are not as they must be, and their values; empty when a power cut loses nothing."""
    postgresql = connection.vendor == "postgresql"
    word, needed = ("SHOW", NEEDED_OF_POSTGRESQL) if postgresql else ("PRAGMA", NEEDED_OF_SQLITE)
    found = {}
    with connection.cursor() as cursor:
        for name, allowed in needed.items():
            cursor.execute(f"{word} {name}")
            value = cursor.fetchone()[0]
            if value not in allowed:
                found[name] = str(value)
    return found


def rights() -> tuple[str, ...]:
    """What this process may do with what is final and should not, or may not and has to; empty when all is well."""
    if connection.vendor != "postgresql":
        return ()
    from config import grants  # the driver is for who needs it

    return tuple(grants.faults())


def waits_for_a_standby() -> bool:
    """Whether a commit is answered only when another server has it as well."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_standby_names') <> ''")
        return bool(cursor.fetchone()[0])


def in_clear() -> bool:
    """Whether what we tell the database crosses a network unencrypted."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:  # no address: a socket file
        cursor.execute(
            "SELECT coalesce(inet_server_addr() <> inet_client_addr(), false)"
            " AND NOT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
        )
        return bool(cursor.fetchone()[0])
