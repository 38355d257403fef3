"""Who passed after the first session stays as it was said: the database itself refuses to change it."""

from importlib import import_module

from django.db import migrations

TABLES = {"bidding_admission": ("id", "tender_id, organisation")}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("bidding", "0005_two_envelopes"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
