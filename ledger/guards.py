"""For migrations: what the database itself refuses to change, the same words for SQLite and PostgreSQL.

    operations = [
        CreateModel(...),
        guard(
            append_only({"market_pick": ("id", "project_id")}),
            final("market_letter", "id, award_id", once="paper_id", done="OLD.paper_id IS NOT NULL", keys=("id",)),
        ),
    ]

SQLite makes a table anew to alter it and loses its triggers: a migration that does so says its guards again
(`tests/config/test_append_only.py` finds one that does not).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Guard = Callable[[bool], Iterator[str]]  # whether for PostgreSQL → statements
ALWAYS = "1 = 1"  # the condition of a guard that knows no exception

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def refuses_always(function: str, source: str) -> bool:
    """Whether a trigger function of these guards lets nothing pass, so that a role needs no right to it either."""
    return function == "ledger_append_only" or f"IF {ALWAYS} THEN" in source


class CreateModels(migrations.SeparateDatabaseAndState):
    """All tables of an app at once: taken one by one, each would have every model related to it rendered anew."""

    def __init__(self, state_operations: Sequence[Operation]) -> None:
        super().__init__(state_operations=state_operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):  # type: ignore[no-untyped-def]
        for operation in self.state_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)


def guard(*guards: Guard) -> migrations.RunPython:
    """The operation that puts guards on tables; to be taken back it needs nothing, for they go with their tables."""

    def put(apps, schema_editor):  # type: ignore[no-untyped-def]
        postgresql = schema_editor.connection.vendor == "postgresql"
        if postgresql:
            schema_editor.execute(APPEND_ONLY, params=None)
        for one in guards:
            for statement in one(postgresql):
                schema_editor.execute(statement, params=None)

    return migrations.RunPython(put, migrations.RunPython.noop)


def append_only(tables: Mapping[str, Sequence[str]]) -> Guard:
    """No UPDATE, DELETE, TRUNCATE or REPLACE.  tables: table → the keys an INSERT OR REPLACE would overwrite by."""

    def statements(postgresql: bool) -> Iterator[str]:
        for table, keys in tables.items():
            if postgresql:
                yield (
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                    " FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
                )
                yield _no_truncate(table)
                continue
            for verb in ("UPDATE", "DELETE"):
                yield (
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END"
                )
            yield from _no_replace(table, keys, f"append-only: REPLACE on {table}")

    return statements


def final(
    table: str, columns: str, *, keys: Sequence[str], once: str = "", done: str = "", since: str = ALWAYS
) -> Guard:
    """The row and these columns stay from the instant `since` holds, and the columns `once` after `done` holds.

    since, done: conditions on OLD.  keys: which rows INSERT OR REPLACE would overwrite.
    """

    def statements(postgresql: bool) -> Iterator[str]:
        yield from refuse(f"{table}_final", table, f"UPDATE OF {columns}", since, f"final: {table}")(postgresql)
        yield from refuse(f"{table}_stays", table, "DELETE", since, f"final: {table}")(postgresql)
        if once:
            yield from refuse(f"{table}_once", table, f"UPDATE OF {once}", done, f"final: {table}")(postgresql)
        if not postgresql:
            yield from _no_replace(table, keys, f"final: {table}", since)
        elif since == ALWAYS:
            yield _no_truncate(table)

    return statements


def refuse(name: str, table: str, event: str, condition: str, said: str) -> Guard:
    """One trigger: what comes before `event` on a table is refused with `said` where `condition` holds."""

    def statements(postgresql: bool) -> Iterator[str]:
        if not postgresql:
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
            return
        yield f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN {"OLD" if event == "DELETE" else "NEW"};
            END $$
        """
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"

    return statements


def by_engine(*, sqlite: Sequence[str] = (), postgresql: Sequence[str] = ()) -> Guard:
    """Statements of each engine's own."""
    return lambda on_postgresql: iter(postgresql if on_postgresql else sqlite)


def _no_truncate(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


def _no_replace(table: str, keys: Sequence[str], said: str, since: str = ALWAYS) -> Iterator[str]:
    """INSERT OR REPLACE deletes the old row without the DELETE trigger where recursive_triggers is off."""
    held = since.replace("OLD.", "held.")
    for number, key in enumerate(keys):
        same = " AND ".join(f'held."{column}" = NEW."{column}"' for column in key.split(", "))
        yield (
            f"CREATE TRIGGER {table}_no_replace_{number} BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} AS held WHERE {same} AND ({held}))"
            f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
