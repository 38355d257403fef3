"""What was noted of a published result stays as it was written."""

from importlib import import_module

from django.db import migrations

TABLES = {"supervision_flagfacts": ("id", "award_id")}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_note_public_facts_for_flags"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, elidable=False)]
