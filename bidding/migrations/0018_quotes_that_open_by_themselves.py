"""Sealed quotes open by themselves: who holds unattended, what was opened, who judges."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    final = {
        "bidding_fixedquotes": ("id", "tender_id", "entry_id"),
        "bidding_assessment": ("id", "judge_id, organisation"),
    }
    for table, keys in final.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0017_locked_sheets_stay'),
        ('ledger', '0004_how_far_a_process_lags'),
    ]

    operations = [
        migrations.AddField(
            model_name='standingholder',
            name='unattended',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='FixedQuotes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rows', models.JSONField()),
                ('at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fixed_quotes', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Judge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36)),
                ('name', models.CharField(max_length=64)),
                ('invited', models.BooleanField()),
                ('named_at', models.DateTimeField()),
                ('declared_at', models.DateTimeField(null=True)),
                ('recused', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judges', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('scores', models.JSONField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='bidding.judge')),
            ],
        ),
        migrations.CreateModel(
            name='LowQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('least', models.DecimalField(decimal_places=2, max_digits=14)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='low_quotes', to='bidding.tender')),
            ],
        ),
        migrations.AddConstraint(
            model_name='judge',
            constraint=models.UniqueConstraint(models.F('tender'), models.F('person'), name='judge_named_once'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(models.F('judge'), models.F('organisation'), name='assessed_once'),
        ),
        migrations.AddConstraint(
            model_name='lowquote',
            constraint=models.UniqueConstraint(models.F('tender'), models.F('organisation'), name='low_quote_asked_once'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
