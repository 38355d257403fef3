"""Which officer holds the hall, and who paused it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0012_upload_in_pieces"),
    ]

    operations = [
        migrations.AddField(
            model_name="opening",
            name="paused_by",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.CreateModel(
            name="HostLease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=64)),
                ("until", models.DateTimeField()),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="host_lease", to="bidding.tender"
                    ),
                ),
            ],
        ),
    ]
