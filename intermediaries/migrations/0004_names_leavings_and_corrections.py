"""Names a provider had, which stay; people who have left a firm that holds on to them; corrections to be looked at."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.db import migrations, models


TABLE, KEYS = "intermediaries_formername", ("id",)


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in ledger.for_postgresql(TABLE) if postgresql else ledger.for_sqlite(TABLE, KEYS):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('intermediaries', '0003_who_represents_a_firm'),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(db_index=True)),
                ('reminded_on', models.DateField(null=True)),
                ('late_on', models.DateField(null=True)),
                ('said', models.CharField(blank=True, max_length=1000)),
                ('said_at', models.DateTimeField(null=True)),
                ('case', models.CharField(blank=True, max_length=36)),
                ('check_row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='intermediaries.spotcheck')),
                ('recheck', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rechecked', to='intermediaries.spotcheck')),
            ],
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('until', models.DateField()),
                ('document', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='StaffClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('left_on', models.DateField()),
                ('statement', models.CharField(max_length=1000)),
                ('due_on', models.DateField()),
                ('raised_at', models.DateTimeField()),
                ('objection', models.CharField(blank=True, max_length=1000)),
                ('objected_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=8)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('by_name', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField(null=True)),
                ('claimant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='intermediaries.provider')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='intermediaries.practitioner')),
            ],
            options={
                'indexes': [models.Index(fields=['person'], name='claims_of_a_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('person',), name='one_claim_a_person'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(('decided_at__isnull', False), ('outcome__in', ['freed', 'kept', 'dropped'])), _connector='OR'), name='claim_decided_with_an_outcome')],
            },
        ),
        migrations.RunPython(forbid, migrations.RunPython.noop),
    ]
