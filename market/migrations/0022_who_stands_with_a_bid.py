"""Who stands with a bid as it was opened: never changed once written."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


TABLE, KEYS = "market_standswith", ("id", "project_id, org, key")


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in ledger.for_postgresql(TABLE) if postgresql else ledger.for_sqlite(TABLE, KEYS):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0021_tickets_of_the_hotline'),
    ]

    operations = [
        migrations.CreateModel(
            name='StandsWith',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.CharField(max_length=18)),
                ('key', models.CharField(db_index=True, max_length=64)),
                ('kind', models.CharField(choices=[('member', 'Member'), ('leader', 'Leader')], max_length=6)),
                ('name', models.CharField(max_length=200)),
                ('certificate', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_with', to='market.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'org', 'key'), name='stands_with_a_bid_once')],
            },
        ),
        migrations.RunPython(forbid, migrations.RunPython.noop),
    ]
