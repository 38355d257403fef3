"""A panel may be drawn before the opening: its order is fixed, and who is struck from it stays written down."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

TABLES = {"experts_struck": ("id", "draw_id")}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0014_keep_persons_with_the_notifier'),
        ('ledger', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Struck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draw_id', models.CharField(max_length=120, unique=True)),
                ('rows', models.JSONField()),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='struck', to='experts.panel')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='panel',
            name='panel_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='seat',
            name='seat_state_known',
        ),
        migrations.AddField(
            model_name='panel',
            name='early',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='panel',
            name='state',
            field=models.CharField(choices=[('drawing', 'drawing'), ('fixed', 'fixed'), ('calling', 'calling'), ('short', 'short'), ('seated', 'seated')], max_length=10),
        ),
        migrations.AlterField(
            model_name='seat',
            name='state',
            field=models.CharField(choices=[('standby', 'standby'), ('invited', 'invited'), ('accepted', 'accepted'), ('declined', 'declined'), ('seated', 'seated'), ('recused', 'recused'), ('struck', 'struck')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='panel',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drawing', 'fixed', 'calling', 'short', 'seated'])), name='panel_state_known'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['standby', 'invited', 'accepted', 'declined', 'seated', 'recused', 'struck'])), name='seat_state_known'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
