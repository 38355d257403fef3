"""A refund once noted stays as it was: the database itself refuses to change it."""

from importlib import import_module

from django.db import migrations


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    table, keys = "bidding_refund", ("id", "tender_id, organisation")
    for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("bidding", "0018_ask_for_guarantees"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
