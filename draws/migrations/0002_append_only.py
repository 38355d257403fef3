"""What a contributor said stays said: the database itself refuses to change or drop a message."""

from importlib import import_module

from django.db import migrations

TABLES = {"draws_drawmessage": ("id", "draw_id, kind, j, dealer")}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("draws", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
