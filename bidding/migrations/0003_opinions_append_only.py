"""A member's handed-in opinions stay as they were: the database itself refuses to change them."""

from importlib import import_module

from django.db import migrations

TABLES = {
    "bidding_qualification": ("id", "evaluation_id, org"),
    "bidding_declaration": ("id", "seat_id"),
    "bidding_review": ("id", "seat_id"),
    "bidding_sheetversion": ("id", "sheet_id, version"),
    "bidding_signature": ("id", "seat_id"),
}


def forbid(apps, schema_editor):
    forbid_in(schema_editor, TABLES)


def forbid_in(schema_editor, tables):
    """Make these tables append-only; later migrations do the same for theirs."""
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in tables.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("bidding", "0002_bids_append_only"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
