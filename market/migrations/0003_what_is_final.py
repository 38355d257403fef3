"""What was announced, determined, objected and handed in stays as it was: the database itself refuses to change it.

Some rows get one thing more later (an answer, that the winner declined, that the candidates were published): those
columns alone may be written, an answer and a refusal once.
"""

from importlib import import_module

from django.db import migrations

APPEND_ONLY = {
    "market_notice": ("id", "project_id, number"),
    "market_contract": ("id", "project_id", "award_id", "notice_id"),
}
# table → (columns that are final, columns written once, when they are, keys a REPLACE would go by)
FINAL = {
    "market_award": (
        "id, project_id, notice_id, rank, organisation, name, amount, determined_by, determined_at",
        "declined_at, decline_reason", "OLD.declined_at IS NOT NULL", ("id", "notice_id", "project_id, organisation"),
    ),
    "market_resultobjection": (
        "id, public_id, project_id, organisation, name, person, text, raised_at, due_at",
        "answer, answered_by, answered_at", "OLD.answered_at IS NOT NULL", ("id", "public_id"),
    ),
    "market_proposal": (
        'id, project_id, report, salt, "order", experts, sheets, received_at',
        "publicity_id", "OLD.publicity_id IS NOT NULL", ("id", "project_id"),
    ),
}  # fmt: skip
FUNCTION = """
CREATE OR REPLACE FUNCTION market_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'final: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for table, keys in APPEND_ONLY.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)
    for table, (final, once, done, keys) in FINAL.items():
        for statement in guards(table, final=final, once=once, done=done, keys=keys, postgresql=postgresql):
            schema_editor.execute(statement, params=None)


def guards(table, *, final, once, done, keys, postgresql, since="1 = 1"):
    """Triggers that keep `final` columns, and the row, from the instant `since` holds, and `once` after `done` holds.

    since, done: conditions on OLD.  keys: which rows INSERT OR REPLACE would overwrite.
    """
    if postgresql:
        yield f"""
            CREATE OR REPLACE FUNCTION {table}_final() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {since} THEN
                    RAISE EXCEPTION 'final: {table}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                RETURN NEW;
            END $$
        """
        for name, verb in (("final", f"UPDATE OF {final}"), ("stays", "DELETE")):
            yield (
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW"
                f" EXECUTE FUNCTION {table}_final()"
            )
        if once:
            yield (
                f"CREATE TRIGGER {table}_once BEFORE UPDATE OF {once} ON {table} FOR EACH ROW"
                f" WHEN ({done}) EXECUTE FUNCTION market_final()"
            )
        return
    abort = f"BEGIN SELECT RAISE(ABORT, 'final: {table}'); END"
    yield f"CREATE TRIGGER {table}_final BEFORE UPDATE OF {final} ON {table} WHEN {since} {abort}"
    yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} WHEN {since} {abort}"
    if once:
        yield f"CREATE TRIGGER {table}_once BEFORE UPDATE OF {once} ON {table} WHEN {done} {abort}"
    # INSERT OR REPLACE deletes the old row without the DELETE trigger where recursive_triggers is off.
    held = since.replace("OLD.", "held.")
    for number, key in enumerate(keys):
        same = " AND ".join(f"held.{column} = NEW.{column}" for column in key.split(", "))
        yield (
            f"CREATE TRIGGER {table}_no_replacing_{number} BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} AS held WHERE {same} AND ({held})) {abort}"
        )


class Migration(migrations.Migration):
    dependencies = [("market", "0002_publish_score_sheets_with_the_award"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, elidable=False)]
