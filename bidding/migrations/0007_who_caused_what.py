"""Bids that did not open: tries, statements and decisions on whose doing it was; final once written."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


TABLES = {
    "bidding_failedattempt": ("id",),
    "bidding_causestatement": ("id",),
    "bidding_causedecision": ("id",),
    "bidding_incident": ("id", "tender_id, number"),
}


def forbid(apps, schema_editor):
    import_module("bidding.migrations.0003_opinions_append_only").forbid_in(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0006_admissions_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="opening",
            name="causes_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="CauseDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bidder", models.CharField(max_length=18)),
                ("cause", models.CharField(max_length=8)),
                ("how", models.CharField(max_length=12)),
                ("reason", models.TextField()),
                ("person", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cause_decisions",
                        to="bidding.opening",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CauseStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bidder", models.CharField(max_length=18)),
                ("side", models.CharField(max_length=8)),
                ("cause", models.CharField(max_length=8)),
                ("reason", models.TextField()),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cause_statements",
                        to="bidding.opening",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FailedAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="bidding.openingunit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("cause", models.TextField()),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "tender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incidents", to="bidding.tender"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("tender"), models.F("number"), name="incident_once")],
            },
        ),
        migrations.RunPython(forbid, migrations.RunPython.noop),
    ]
