"""What was found when bids were looked at stays as it was written."""

from importlib import import_module

from django.db import migrations

TABLES = {"supervision_screening": ("id", "opening_id"), "supervision_clue": ("id",)}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_keep_clues"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, elidable=False)]
