import django.db.models.deletion
import draws.rules
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_append_only
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "draws_drawmessage": ("id", "draw_id, kind, j, dealer"),
}


class Migration(migrations.Migration):

    replaces = [("draws", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('project_number', models.CharField(db_index=True, max_length=60)),
                ('purpose', models.CharField(max_length=20)),
                ('count', models.PositiveSmallIntegerField()),
                ('reason', models.TextField(blank=True)),
                ('stream', models.CharField(max_length=80)),
                ('t', models.PositiveSmallIntegerField()),
                ('max_per_org', models.PositiveSmallIntegerField()),
                ('contributors', models.JSONField()),
                ('strata', models.JSONField()),
                ('pool', models.JSONField()),
                ('pool_sha256', models.CharField(max_length=64)),
                ('openings', models.JSONField()),
                ('windows', models.JSONField()),
                ('spec', models.JSONField(null=True)),
                ('sid', models.CharField(blank=True, max_length=64)),
                ('phase', models.CharField(choices=[('keys', 'keys'), ('pool', 'pool'), ('commits', 'commits'), ('deals', 'deals'), ('complaints', 'complaints'), ('reveals', 'reveals'), ('recovery', 'recovery'), ('settled', 'settled'), ('void', 'void')], max_length=12)),
                ('phase_since', models.DateTimeField()),
                ('gate_seq', models.PositiveBigIntegerField(null=True)),
                ('dealers', models.JSONField(default=list)),
                ('seed', models.CharField(blank=True, max_length=64)),
                ('result', models.JSONField(null=True)),
                ('void_reason', models.TextField(blank=True)),
                ('announced_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project_number', 'purpose', 'count'), name='draw_counted_once'), models.CheckConstraint(condition=models.Q(('phase__in', ['keys', 'pool', 'commits', 'deals', 'complaints', 'reveals', 'recovery', 'settled', 'void'])), name='draw_phase_known'), models.CheckConstraint(condition=models.Q(models.Q(('phase', draws.rules.Phase['SETTLED']), _negated=True), ('result__isnull', False), _connector='OR'), name='draw_settled_result')],
            },
        ),
        migrations.CreateModel(
            name='DrawMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('j', models.PositiveSmallIntegerField()),
                ('dealer', models.PositiveSmallIntegerField(default=0)),
                ('statement', models.JSONField()),
                ('payload', models.TextField(blank=True)),
                ('during', models.CharField(max_length=12)),
                ('seq', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='draws.draw')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draw', 'kind', 'j', 'dealer'), name='draw_message_said_once')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
        ),
    ]
