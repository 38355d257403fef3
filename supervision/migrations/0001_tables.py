import django.db.models.deletion
import uuid
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_alerts_and_what_is_watched
    0002_what_is_final
    0003_keep_clues
    0004_what_clues_said_stays
    0005_note_public_facts_for_flags
    0006_what_was_noted_stays
    0007_keep_protected_tips
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "supervision_alertstep": ("id",),
    "supervision_screening": ("id", "opening_id"),
    "supervision_clue": ("id",),
    "supervision_flagfacts": ("id", "award_id"),
    "supervision_tipthread": ("id", "thread"),
    "supervision_tipmessage": ("id", "digest", "held_id, seq", "day, place"),
    "supervision_tipact": ("id", "held_id, body, what, person, seq"),
    "supervision_tipday": ("day",),
}


class Migration(migrations.Migration):

    replaces = [("supervision", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('bidding', '0001_tables'),
        ('market', '0001_tables'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('log', models.CharField(max_length=6, unique=True)),
                ('next', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='TipDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('secret', models.CharField(max_length=64)),
                ('root', models.CharField(max_length=64)),
                ('closed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36, unique=True)),
                ('last', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=30)),
                ('subject', models.CharField(max_length=120)),
                ('fact', models.CharField(max_length=120)),
                ('monitor', models.CharField(max_length=8)),
                ('light', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=500)),
                ('law', models.CharField(blank=True, max_length=200)),
                ('evidence', models.JSONField(default=dict)),
                ('raised_at', models.DateTimeField()),
                ('owner', models.CharField(blank=True, max_length=36)),
                ('owner_name', models.CharField(blank=True, max_length=64)),
                ('due_at', models.DateTimeField()),
                ('late', models.PositiveSmallIntegerField(default=0)),
                ('finding', models.CharField(blank=True, max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='market.project')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['due_at', 'id'], name='alert_open_due'), models.Index(condition=models.Q(('closed_at', None)), fields=['owner', 'due_at'], name='alert_open_owner'), models.Index(fields=['project', 'id'], name='alert_of_project'), models.Index(fields=['kind', 'finding'], name='alert_of_kind')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'fact'), name='alert_once_a_fact'), models.CheckConstraint(condition=models.Q(('monitor__in', ['time', 'process', 'fee', 'anomaly', 'clue'])), name='alert_monitor'), models.CheckConstraint(condition=models.Q(('light__in', [0, 1, 2]), ('light__gt', 0)), name='alert_light'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('finding', '')), models.Q(('closed_at__isnull', False), ('finding__in', ['confirmed', 'corrected', 'explained', 'false', 'in-time'])), _connector='OR'), name='alert_closed_with_a_finding')],
            },
        ),
        migrations.CreateModel(
            name='AlertStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=12)),
                ('light', models.PositiveSmallIntegerField()),
                ('by', models.CharField(blank=True, max_length=36)),
                ('by_name', models.CharField(max_length=64)),
                ('owner_name', models.CharField(blank=True, max_length=64)),
                ('finding', models.CharField(blank=True, max_length=10)),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('due_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='supervision.alert')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['raised', 'reddened', 'assigned', 'taken', 'handed-over', 'noted', 'cured', 'escalated', 'closed'])), name='alert_step_known')],
            },
        ),
        migrations.CreateModel(
            name='FlagFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField()),
                ('played', models.BooleanField()),
                ('title', models.CharField(max_length=200)),
                ('noted_at', models.DateTimeField()),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='flag_facts', to='market.award')),
            ],
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidders', models.JSONField()),
                ('read', models.PositiveIntegerField()),
                ('groups', models.JSONField(default=list)),
                ('screened_at', models.DateTimeField()),
                ('opening', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='screening', to='bidding.opening')),
            ],
            options={
                'indexes': [models.Index(fields=['-screened_at'], name='screening_newest')],
            },
        ),
        migrations.CreateModel(
            name='Clue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('orgs', models.JSONField()),
                ('points', models.PositiveSmallIntegerField()),
                ('evidence', models.JSONField()),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clues', to='supervision.screening')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['address', 'device', 'origin', 'author', 'editor', 'tool', 'file', 'person', 'phone', 'mail', 'account', 'price', 'text', 'time'])), name='clue_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=120)),
                ('year', models.PositiveSmallIntegerField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('what', 'key', 'year'), name='one_tally_a_year')],
            },
        ),
        migrations.CreateModel(
            name='TipRecipient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('gen', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=43)),
                ('statement', models.JSONField()),
                ('entered_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'gen'), name='one_reading_key_a_generation'), models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('organisation',), name='one_standing_recipient_a_body')],
            },
        ),
        migrations.CreateModel(
            name='TipThread',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('thread', models.CharField(max_length=64, unique=True)),
                ('first_body', models.CharField(max_length=18)),
                ('second_body', models.CharField(max_length=18)),
                ('day', models.DateField()),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.tiprecipient')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.tiprecipient')),
            ],
            options={
                'indexes': [models.Index(fields=['first_body', 'day'], name='tips_of_first'), models.Index(fields=['second_body', 'day'], name='tips_of_second')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_body__lt', models.F('second_body'))), name='tip_to_two_bodies')],
            },
        ),
        migrations.CreateModel(
            name='TipMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.PositiveIntegerField()),
                ('side', models.CharField(blank=True, max_length=18)),
                ('sealed', models.BinaryField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('day', models.DateField()),
                ('place', models.PositiveIntegerField()),
                ('nonce', models.CharField(max_length=64)),
                ('held', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='supervision.tipthread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('held', 'seq'), name='one_tip_message_a_number'), models.UniqueConstraint(fields=('day', 'place'), name='one_tip_message_a_place')],
            },
        ),
        migrations.CreateModel(
            name='TipAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('body', models.CharField(max_length=18)),
                ('what', models.CharField(max_length=12)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('seq', models.PositiveIntegerField()),
                ('person', models.CharField(max_length=36)),
                ('name', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('held', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='supervision.tipthread')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', ['opened', 'acknowledged', 'closed'])), name='tip_act_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['founded', 'unfounded', 'handed', 'not-ours']), ('what', 'closed')), models.Q(models.Q(('what', 'closed'), _negated=True), ('outcome', '')), _connector='OR'), name='tip_closed_with_outcome'), models.UniqueConstraint(condition=models.Q(('what', 'opened'), _negated=True), fields=('held', 'body', 'what'), name='tip_act_once_a_body'), models.UniqueConstraint(fields=('held', 'body', 'what', 'person', 'seq'), name='tip_opened_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Watched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField(default=0)),
                ('state', models.JSONField(default=dict)),
                ('look_at', models.DateTimeField(null=True)),
                ('light', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('next_what', models.CharField(blank=True, max_length=30)),
                ('regime', models.CharField(max_length=2)),
                ('buyer', models.CharField(max_length=18)),
                ('running', models.BooleanField(default=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='watched', to='market.project')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='watched_to_look_at'), models.Index(condition=models.Q(('running', True)), fields=['-light', 'next_at', 'id'], name='watched_running'), models.Index(condition=models.Q(('running', True)), fields=['buyer', '-light', 'next_at'], name='watched_of_buyer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('light__in', [0, 1, 2])), name='watched_light')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
        ),
    ]
