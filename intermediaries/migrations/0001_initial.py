"""The register of providers. Its history, checks, objections and findings the database refuses to change."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.db import migrations, models


APPEND_ONLY = {
    "intermediaries_providerchange": ("id",),
    "intermediaries_spotcheck": ("id",),
    "intermediaries_dataobjection": ("id", "public_id"),
    "intermediaries_objectionfinding": ("id", "objection_id"),
}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in APPEND_ONLY.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0002_append_only'),
        ('accounts', '0002_what_a_tick_could_not_do'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('table', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('providers', models.PositiveIntegerField()),
                ('staged_by', models.CharField(max_length=64)),
                ('staged_by_name', models.CharField(max_length=64)),
                ('staged_at', models.DateTimeField()),
                ('confirmed_by_name', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('discarded_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=8)),
                ('legal_rep', models.CharField(max_length=64)),
                ('region', models.CharField(max_length=60)),
                ('address', models.CharField(max_length=200)),
                ('scope', models.CharField(max_length=1000)),
                ('contact_name', models.CharField(max_length=64)),
                ('contact_phone', models.CharField(max_length=40)),
                ('edition', models.CharField(blank=True, max_length=20)),
                ('entered_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='provider', to='accounts.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Practitioner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('id_tag', models.CharField(max_length=64)),
                ('joined_on', models.DateField()),
                ('left_on', models.DateField(null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=60)),
                ('address', models.CharField(max_length=200)),
                ('phone', models.CharField(max_length=40)),
                ('main', models.BooleanField(default=False)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='NameSuffix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('suffix', models.BinaryField(max_length=48)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='DataObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=1000)),
                ('by_name', models.CharField(max_length=64)),
                ('by_contact', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=64)),
                ('raised_at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='ProviderChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=20)),
                ('told', models.CharField(max_length=1500)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80)),
                ('grade', models.CharField(blank=True, max_length=20)),
                ('number', models.CharField(max_length=60)),
                ('issuer', models.CharField(max_length=120)),
                ('valid_to', models.DateField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('added_at', models.DateTimeField()),
                ('reminded_for', models.DateField(null=True)),
                ('struck_on', models.DateField(null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifications', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='SpotCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=300)),
                ('outcome', models.CharField(max_length=10)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('due_on', models.DateField(null=True)),
                ('checked_on', models.DateField()),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='intermediaries.provider')),
            ],
        ),
        migrations.CreateModel(
            name='ObjectionFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding', models.CharField(max_length=8)),
                ('text', models.CharField(max_length=1000)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('objection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='found', to='intermediaries.dataobjection')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('finding__in', ['upheld', 'rejected'])), name='finding_known')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80)),
                ('number', models.CharField(max_length=60)),
                ('valid_to', models.DateField(null=True)),
                ('added_at', models.DateTimeField()),
                ('reminded_for', models.DateField(null=True)),
                ('struck_on', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='intermediaries.practitioner')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('struck_on__isnull', True)), fields=['valid_to'], name='certificate_ends')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('struck_on__isnull', True)), fields=('kind', 'number'), name='certificate_of_one_person')],
            },
        ),
        migrations.AddConstraint(
            model_name='provider',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['listed', 'entered', 'left'])), name='provider_state_known'),
        ),
        migrations.AddConstraint(
            model_name='provider',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'entered'), _negated=True), models.Q(('entered_at__isnull', False), models.Q(('edition', ''), _negated=True)), _connector='OR'), name='provider_entered_by_promise'),
        ),
        migrations.AddConstraint(
            model_name='practitioner',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('id_tag',), name='in_one_firm_only'),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['region', 'provider'], name='places_of_a_region'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('provider', 'region'), name='one_place_a_region'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(condition=models.Q(('main', True)), fields=('provider',), name='one_seat'),
        ),
        migrations.AddIndex(
            model_name='namesuffix',
            index=models.Index(fields=['suffix', 'provider'], name='name_suffix'),
        ),
        migrations.AddIndex(
            model_name='dataobjection',
            index=models.Index(fields=['source', 'raised_at'], name='objections_of_a_source'),
        ),
        migrations.AddIndex(
            model_name='qualification',
            index=models.Index(condition=models.Q(('struck_on__isnull', True)), fields=['valid_to'], name='qualification_ends'),
        ),
        migrations.AddConstraint(
            model_name='qualification',
            constraint=models.UniqueConstraint(condition=models.Q(('struck_on__isnull', True)), fields=('kind', 'number'), name='qualification_of_one_firm'),
        ),
        migrations.AddConstraint(
            model_name='spotcheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['in-order', 'to-correct', 'false'])), name='check_outcome_known'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
