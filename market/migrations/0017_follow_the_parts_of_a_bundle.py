"""Which bundles a part has outgrown, never changed once written; and of which ending basis somebody was reminded."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


TABLE, KEYS = "market_partchange", ("id", "bundle_id, part_id")


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in ledger.for_postgresql(TABLE) if postgresql else ledger.for_sqlite(TABLE, KEYS):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0016_publish_what_was_found_of_split_purchases'),
    ]

    operations = [
        migrations.AddField(
            model_name='serviceitem',
            name='reminded',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='PartChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('differs', models.JSONField()),
                ('at', models.DateTimeField()),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_changes', to='market.itemversion')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.itemversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'part'), name='part_changes_once')],
            },
        ),
        migrations.RunPython(forbid, migrations.RunPython.noop),
    ]
