import django.db.models.deletion
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, by_engine, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_append_only
    0003_pending
    0004_how_far_a_process_lags
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "ledger_entry": ("id", "log, stream, seq"),
    "ledger_placement": ("entry_id", "log, index"),
    "ledger_tile": ("id", "log, level, n"),
    "ledger_checkpoint": ("id", "log, size"),
    "ledger_cosignature": ("id", "checkpoint_id, witness"),
    "ledger_witnessed": ("checkpoint_id",),
    "ledger_blob": ("sha256",),
}
# An entry waits for its place from the moment it is written: the database itself puts it in the queue.
WAITS_ON_SQLITE = (
    "CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry"
    " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); END",
)
WAITS_ON_POSTGRESQL = (
    "CREATE FUNCTION ledger_wait() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); RETURN NULL; END $$",
    "CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_wait()",
)


class Migration(migrations.Migration):

    replaces = [("ledger", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('size', models.PositiveBigIntegerField()),
                ('root', models.BinaryField()),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'size'), name='one_checkpoint_a_size')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='ledger.checkpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'witness'), name='one_cosignature_a_witness')],
            },
        ),
        migrations.CreateModel(
            name='Edge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('index', models.PositiveBigIntegerField()),
                ('leaf', models.BinaryField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'index'), name='one_edge_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('stream', models.CharField(max_length=120)),
                ('seq', models.PositiveBigIntegerField()),
                ('kind', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('event', models.TextField()),
                ('leaf', models.BinaryField()),
                ('nonce', models.BinaryField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'stream', 'seq'), name='one_entry_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('log', 'public'), ('nonce', None)), models.Q(('log', 'sealed'), ('nonce__isnull', False)), _connector='OR'), name='sealed_entries_are_blinded')],
            },
        ),
        migrations.CreateModel(
            name='HighWater',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SealedBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=120, unique=True)),
                ('wanted_at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.checkpoint')),
            ],
        ),
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('name', models.CharField(max_length=120)),
                ('last', models.PositiveBigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'name'), name='one_stream_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('level', models.SmallIntegerField()),
                ('n', models.PositiveBigIntegerField()),
                ('data', models.BinaryField()),
                ('root', models.BinaryField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'level', 'n'), name='one_tile_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Underway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=80, unique=True)),
                ('oldest', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Witnessed',
            fields=[
                ('checkpoint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='ledger.checkpoint')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('size', models.PositiveBigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['log', '-size'], name='newest_witnessed')],
            },
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='ledger.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='ledger.entry')),
                ('log', models.CharField(choices=[('public', 'Public'), ('sealed', 'Sealed')], max_length=6)),
                ('index', models.PositiveBigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('log', 'index'), name='one_entry_a_place')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
            by_engine(sqlite=WAITS_ON_SQLITE, postgresql=WAITS_ON_POSTGRESQL),
        ),
    ]
