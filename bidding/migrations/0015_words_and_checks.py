"""Messages, muting, identity and price checks of the hall; final once written."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


TABLES = {
    "bidding_hallmessage": ("id",),
    "bidding_mute": ("id",),
    "bidding_identitycheck": ("id",),
    "bidding_pricecheck": ("id", "opening_id, bidder"),
}


def forbid(apps, schema_editor):
    import_module("bidding.migrations.0003_opinions_append_only").forbid_in(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0014_papers_of_an_opening"),
    ]

    operations = [
        migrations.CreateModel(
            name="HallMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=18)),
                ("to", models.CharField(max_length=18)),
                ("text", models.CharField(max_length=300)),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("salt", models.BinaryField(default=bytes)),
                ("commitment", models.CharField(blank=True, max_length=64)),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="bidding.opening"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bidder", models.CharField(max_length=18)),
                ("fits", models.BooleanField()),
                ("by_hand", models.BooleanField()),
                ("deposit", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="bidding.opening",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bidder", models.CharField(max_length=18)),
                ("muted", models.BooleanField()),
                ("reason", models.CharField(max_length=300)),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mutes", to="bidding.opening"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PriceCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bidder", models.CharField(max_length=18)),
                ("agrees", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("sheet_sha256", models.CharField(max_length=64)),
                ("person", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="price_checks", to="bidding.opening"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("opening"), models.F("bidder"), name="price_checked_once")
                ],
            },
        ),
        migrations.RunPython(forbid, migrations.RunPython.noop),
    ]
