"""The database itself refuses to change what was written: no UPDATE, DELETE, TRUNCATE or REPLACE."""

from django.db import migrations

TABLES = {
    "ledger_entry": ("id", "log, stream, seq"),
    "ledger_placement": ("entry_id", "log, index"),
    "ledger_tile": ("id", "log, level, n"),
    "ledger_checkpoint": ("id", "log, size"),
    "ledger_cosignature": ("id", "checkpoint_id, witness"),
    "ledger_witnessed": ("checkpoint_id", ""),
    "ledger_blob": ("sha256", ""),
}

FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
    for table, keys in TABLES.items():
        statements = for_postgresql(table) if schema_editor.connection.vendor == "postgresql" else for_sqlite(table, keys)
        for statement in statements:
            schema_editor.execute(statement, params=None)


def for_postgresql(table):
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
    )
    yield (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


def for_sqlite(table, keys):
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END"
        )
    # INSERT OR REPLACE deletes the old row without the DELETE trigger where recursive_triggers is off.
    for number, key in enumerate(key for key in keys if key):
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key.split(", "))
        yield (
            f"CREATE TRIGGER {table}_no_replace_{number} BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: REPLACE on {table}'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forbid, elidable=False)]
