"""What was handed in and what was released is never changed: the database itself refuses UPDATE, DELETE, TRUNCATE."""

from django.db import migrations

TABLES = {
    "bidding_bid": ("id", "eid", "tender_id, part, organisation, version"),
    "bidding_withdrawal": ("id", "bid_id"),
    "bidding_latebid": ("id", "tender_id, organisation, statements_sha256"),
    "bidding_storedenvelope": ("id", "tender_id, organisation, part, sha256"),
    "bidding_release": ("id", "unit_id, role, member, good"),
}

FUNCTION = """
CREATE OR REPLACE FUNCTION bidding_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def forbid(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for table, keys in TABLES.items():
        for statement in for_postgresql(table) if on_postgresql else for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


def for_postgresql(table):
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION bidding_append_only()"
    )
    yield (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION bidding_append_only()"
    )


def for_sqlite(table, keys):
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END"
        )
    # INSERT OR REPLACE deletes the old row without the DELETE trigger where recursive_triggers is off.
    for number, key in enumerate(keys):
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key.split(", "))
        yield (
            f"CREATE TRIGGER {table}_no_replace_{number} BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: REPLACE on {table}'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("bidding", "0001_initial")]
    operations = [migrations.RunPython(forbid, elidable=False)]
