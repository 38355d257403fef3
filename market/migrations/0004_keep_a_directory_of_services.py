"""The directory of service items. What was published, and what ended it, the database refuses to change."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


APPEND_ONLY = {
    "market_itemversion": ("id", "item_id, number", "item_id, effective_from"),
    "market_itemwithdrawal": ("id", "version_id"),
}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in APPEND_ONLY.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_what_a_tick_could_not_do'),
        ('market', '0003_what_is_final'),
        ('ledger', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True)),
                ('draft', models.JSONField(default=dict)),
                ('drafted_at', models.DateTimeField()),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('type', models.CharField(max_length=12)),
                ('region', models.CharField(max_length=60)),
                ('effective_from', models.DateField()),
                ('basis_until', models.DateField(null=True)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_by', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='market.serviceitem')),
            ],
        ),
        migrations.CreateModel(
            name='ItemWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=500)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='market.itemversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('why__in', ['lapsed', 'cancelled'])), name='withdrawal_known')],
            },
        ),
        migrations.AddIndex(
            model_name='itemversion',
            index=models.Index(fields=['basis_until'], name='item_basis_ends'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='item_version_once'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.UniqueConstraint(fields=('item', 'effective_from'), name='one_item_version_a_day'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['review', 'argument', 'assessment', 'evaluation', 'inspection', 'testing', 'audit', 'appraisal', 'proof', 'advice', 'trial', 'survey'])), name='item_type_known'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('basis_until__isnull', True), ('basis_until__gte', models.F('effective_from')), _connector='OR'), name='item_has_a_basis_when_it_begins'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
