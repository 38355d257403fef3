"""The evidence of a panel drawn elsewhere is sealed at rest, and who took it stays written down."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

TABLES = {"experts_evidencelook": ("id",)}


def seal(apps, schema_editor):
    from experts.registry import sealing

    for row in apps.get_model("experts", "ExternalDraw").objects.select_related("panel"):
        row.evidence = sealing.seal_file(bytes(row.evidence), about=f"evidence/{row.panel.project_number}")
        row.save(update_fields=["evidence"])


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("experts", "0008_imports_before_a_second_keeper"),
        ("ledger", "0002_append_only"),
    ]
    operations = [
        migrations.CreateModel(
            name="EvidenceLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_person", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="experts.externaldraw"
                    ),
                ),
            ],
        ),
        migrations.RunPython(forbid, elidable=False),
        migrations.RunPython(seal, elidable=False),
    ]
