import django.db.models.deletion
import uuid
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_evidence
    0002_issued_papers
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "documents_evidence": ("id", "public_id", "about, sha256, organisation, person"),
    "documents_issued": ("id", "public_id", "about", "sha256", "entry_id"),
}


class Migration(migrations.Migration):

    replaces = [("documents", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('ledger', '0001_tables'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('organisation', models.CharField(blank=True, max_length=18)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('about', 'sha256', 'organisation', 'person'), name='evidence_kept_once_by_a_person'), models.CheckConstraint(condition=models.Q(('media_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='evidence_of_a_known_type'), models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 20971520)), name='evidence_of_a_lawful_size')],
            },
        ),
        migrations.CreateModel(
            name='Issued',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(max_length=120, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('public', models.BooleanField()),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveIntegerField()),
                ('certificate', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='issued_paper_not_empty')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
        ),
    ]
