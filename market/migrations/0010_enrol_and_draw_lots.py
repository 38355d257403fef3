"""Who enrols for a choice, who is left on its day, whom the buyer picks; and that a winner accepts.

What was said stays as it was: the database itself refuses to change it; a list's closing and publication, and an
acceptance, are written once.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = {
    "market_enrolment": ("id", "project_id, organisation, version"),
    "market_enrolmentwithdrawal": ("id", "enrolment_id"),
    "market_choicepool": ("id", "project_id"),
    "market_shortlist": ("id", "project_id"),
    "market_pick": ("id", "project_id"),
}
ONCE = (
    ("market_award", "accepted", "accepted_at", "OLD.accepted_at IS NOT NULL"),
    ("market_entrantlist", "published", "published, published_at", "OLD.published <> ''"),
)


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    before = import_module("market.migrations.0003_what_is_final")
    postgresql = schema_editor.connection.vendor == "postgresql"
    statements = [
        statement
        for table, keys in APPEND_ONLY.items()
        for statement in (ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys))
    ]
    statements += before.guards(
        "market_entrantlist", final="id, project_id, digest, nonce, listing, fixed_at", once="entry_id, closed_at",
        done="OLD.entry_id IS NOT NULL", keys=("id", "project_id"), postgresql=postgresql,
    )
    for table, name, columns, done in ONCE:
        act = (
            f"FOR EACH ROW WHEN ({done}) EXECUTE FUNCTION market_final()" if postgresql
            else f"WHEN {done} BEGIN SELECT RAISE(ABORT, 'final: {table}'); END"
        )
        statements.append(f"CREATE TRIGGER {table}_{name} BEFORE UPDATE OF {columns} ON {table} {act}")
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_how_far_a_process_lags'),
        ('market', '0009_a_supermarket_of_services'),
    ]

    operations = [
        migrations.AddField(
            model_name='award',
            name='accepted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='ChoicePool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField()),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pool', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('person', models.CharField(max_length=36)),
                ('version', models.PositiveIntegerField()),
                ('received_at', models.DateTimeField()),
                ('receipt', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='EnrolmentWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36)),
                ('received_at', models.DateTimeField()),
                ('receipt', models.TextField()),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='market.enrolment')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
        ),
        migrations.CreateModel(
            name='EntrantList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('nonce', models.BinaryField()),
                ('listing', models.TextField()),
                ('fixed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('published', models.CharField(blank=True, max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='entrants', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('reason', models.TextField()),
                ('person', models.CharField(max_length=36)),
                ('at', models.DateTimeField()),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pick', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='ShortList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draw', models.CharField(max_length=120)),
                ('listed', models.JSONField()),
                ('at', models.DateTimeField()),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='short_list', to='market.project')),
            ],
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('project', 'organisation', 'version'), name='enrolled_once_a_version'),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
