"""A decision and what follows it are written once, by two people; what was lifted becomes a fact of its own."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

# The keys tell which rows INSERT OR REPLACE would overwrite.
TABLES = {
    "blacklist_sanction": ("id", "public_id"),
    "blacklist_sanctionkey": ("id",),
    "blacklist_sanctionfact": ("id",),
}


def keep_what_followed(apps, schema_editor):
    """Of decisions recorded before a second person was asked: their key, and that they were lifted."""
    sanctions, keys, facts = (
        apps.get_model("blacklist", name) for name in ("Sanction", "SanctionKey", "SanctionFact")
    )
    for row in sanctions.objects.all():
        keys.objects.create(sanction=row, key=row.code, ends_on=row.ends_on)
        if row.lifted_on is not None:
            facts.objects.create(
                sanction=row, kind="annulled", authority=row.authority, document_no="-", reason=row.lifted_because,
                recorded_by="", confirmed_by="-", at=row.recorded_at,
            )  # fmt: skip
    if schema_editor.connection.vendor == "postgresql":  # or the table cannot be altered in this transaction
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)
    if not postgresql:  # people have no code: several may stand in one document
        schema_editor.execute(
            "CREATE TRIGGER blacklist_sanction_no_replace_code BEFORE INSERT ON blacklist_sanction WHEN NEW.code <> ''"
            " AND EXISTS (SELECT 1 FROM blacklist_sanction WHERE code = NEW.code AND authority = NEW.authority"
            " AND decision_no = NEW.decision_no)"
            " BEGIN SELECT RAISE(ABORT, 'append-only: REPLACE on blacklist_sanction'); END",
            params=None,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('blacklist', '0005_what_is_decided_is_final'),
        ('ledger', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='SanctionDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('told', models.JSONField()),
                ('recorded_by', models.CharField(max_length=36)),
                ('recorded_by_name', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SanctionFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('authority', models.CharField(max_length=100)),
                ('document_no', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=500)),
                ('recorded_by', models.CharField(max_length=36)),
                ('confirmed_by', models.CharField(max_length=36)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SanctionKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('ends_on', models.DateField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='sanction',
            name='one_decision_once_a_body',
        ),
        migrations.RemoveConstraint(
            model_name='sanction',
            name='sanction_basis_known',
        ),
        migrations.RemoveIndex(
            model_name='sanction',
            name='sanction_gate',
        ),
        migrations.AddField(
            model_name='sanction',
            name='confirmed_by',
            field=models.CharField(default='-', max_length=36),
        ),
        migrations.AddField(
            model_name='sanction',
            name='gravity',
            field=models.CharField(default='serious', max_length=8),
        ),
        migrations.AddField(
            model_name='sanction',
            name='recorded_by',
            field=models.CharField(default='', max_length=36),
        ),
        migrations.AddField(
            model_name='sanction',
            name='region',
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AlterField(
            model_name='sanction',
            name='code',
            field=models.CharField(blank=True, max_length=18),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code', 'authority', 'decision_no'), name='one_decision_once_a_body'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['gp-77', 'gp-78', 'gpr-72', 'zb-50', 'zb-53', 'zb-54', 'zb-60', 'zb-56', 'zbr-71', 'gpr-75', 'apl-9'])), name='sanction_basis_known'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by', models.F('confirmed_by')), _negated=True), name='sanction_by_two'),
        ),
        migrations.AddField(
            model_name='sanctiondraft',
            name='sanction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blacklist.sanction'),
        ),
        migrations.AddField(
            model_name='sanctionfact',
            name='sanction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='blacklist.sanction'),
        ),
        migrations.AddField(
            model_name='sanctionkey',
            name='sanction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='blacklist.sanction'),
        ),
        migrations.AddConstraint(
            model_name='sanctionfact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['stayed', 'resumed', 'annulled', 'repaired'])), name='sanction_fact_known'),
        ),
        migrations.AddConstraint(
            model_name='sanctionfact',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by', models.F('confirmed_by')), _negated=True), name='sanction_fact_by_two'),
        ),
        migrations.AddIndex(
            model_name='sanctionkey',
            index=models.Index(fields=['key', 'ends_on', 'sanction'], name='sanction_gate'),
        ),
        migrations.RunPython(keep_what_followed, elidable=False),
        migrations.RemoveField(
            model_name='sanction',
            name='lifted_because',
        ),
        migrations.RemoveField(
            model_name='sanction',
            name='lifted_on',
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
