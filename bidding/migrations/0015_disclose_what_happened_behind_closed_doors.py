"""That what happened behind closed doors is public: said once, and it stays."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    table, keys = "bidding_disclosure", ("id", "tender_id", "entry_id")
    for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("bidding", "0014_appraise_each_other"), ("ledger", "0003_pending")]
    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                               to="ledger.entry")),
                ("tender", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT,
                                                related_name="disclosure", to="bidding.tender")),
            ],
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
