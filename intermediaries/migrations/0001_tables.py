import django.db.models.deletion
import uuid
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_rate_each_other
    0003_who_represents_a_firm
    0004_names_leavings_and_corrections
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "intermediaries_providerchange": ("id",),
    "intermediaries_spotcheck": ("id",),
    "intermediaries_dataobjection": ("id", "public_id"),
    "intermediaries_objectionfinding": ("id", "objection_id"),
    "intermediaries_rating": ("id", "public_id", "occasion_id, side"),
    "intermediaries_formername": ("id",),
}


class Migration(migrations.Migration):

    replaces = [("intermediaries", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
    ]

    operations = [
        CreateModels([
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
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_number', models.CharField(max_length=32, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('item', models.CharField(blank=True, max_length=200)),
                ('buyer', models.CharField(max_length=18)),
                ('buyer_name', models.CharField(max_length=200)),
                ('provider', models.CharField(max_length=18)),
                ('provider_name', models.CharField(max_length=200)),
                ('completed', models.BooleanField()),
                ('opened_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('shown_at', None)), fields=['closes_at'], name='ratings_waiting'), models.Index(fields=['provider', 'shown_at'], name='ratings_of_a_provider'), models.Index(fields=['buyer', 'shown_at'], name='ratings_of_a_buyer')],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=8)),
                ('legal_rep', models.CharField(max_length=64)),
                ('legal_rep_tag', models.CharField(blank=True, max_length=64)),
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
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['listed', 'entered', 'left'])), name='provider_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'entered'), _negated=True), models.Q(('entered_at__isnull', False), models.Q(('edition', ''), _negated=True)), _connector='OR'), name='provider_entered_by_promise')],
            },
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
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('id_tag',), name='in_one_firm_only')],
            },
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
            options={
                'indexes': [models.Index(fields=['region', 'provider'], name='places_of_a_region')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'region'), name='one_place_a_region'), models.UniqueConstraint(condition=models.Q(('main', True)), fields=('provider',), name='one_seat')],
            },
        ),
        migrations.CreateModel(
            name='NameSuffix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('suffix', models.BinaryField(max_length=48)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='intermediaries.provider')),
            ],
            options={
                'indexes': [models.Index(fields=['suffix', 'provider'], name='name_suffix')],
            },
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
            options={
                'indexes': [models.Index(fields=['source', 'raised_at'], name='objections_of_a_source')],
            },
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
            options={
                'indexes': [models.Index(condition=models.Q(('struck_on__isnull', True)), fields=['valid_to'], name='qualification_ends')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('struck_on__isnull', True)), fields=('kind', 'number'), name='qualification_of_one_firm')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(max_length=8)),
                ('organisation', models.CharField(max_length=18)),
                ('level', models.PositiveSmallIntegerField()),
                ('scores', models.JSONField()),
                ('text', models.CharField(blank=True, max_length=1000)),
                ('evidence', models.CharField(blank=True, max_length=1000)),
                ('low', models.BooleanField()),
                ('by_default', models.BooleanField()),
                ('by_person', models.CharField(blank=True, max_length=36)),
                ('given_at', models.DateTimeField()),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='intermediaries.occasion')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'side'], name='ratings_of')],
                'constraints': [models.UniqueConstraint(fields=('occasion', 'side'), name='rated_once_a_side'), models.CheckConstraint(condition=models.Q(('side__in', ['buyer', 'provider'])), name='rating_side_known'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='rating_level_of_five'), models.CheckConstraint(condition=models.Q(('low', False), models.Q(models.Q(('text', ''), _negated=True), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='low_rating_says_why'), models.CheckConstraint(condition=models.Q(('by_default', False), models.Q(('low', False), ('scores', {})), _connector='OR'), name='default_has_no_points')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('finding_due_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('answered_by', models.CharField(blank=True, max_length=36)),
                ('answered_at', models.DateTimeField(null=True)),
                ('finding', models.CharField(blank=True, max_length=10)),
                ('finding_text', models.CharField(blank=True, max_length=1000)),
                ('found_by_name', models.CharField(blank=True, max_length=64)),
                ('found_at', models.DateTimeField(null=True)),
                ('rating', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up', to='intermediaries.rating')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('found_at', None)), fields=['due_at'], name='ratings_to_follow_up')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('found_at', None)), models.Q(('finding__in', ['righted', 'upheld', 'unfounded']), ('found_at__isnull', False), models.Q(('finding_text', ''), _negated=True)), _connector='OR'), name='low_rating_found_with_words')],
            },
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
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['in-order', 'to-correct', 'false'])), name='check_outcome_known')],
            },
        ),
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
        ]),
        guard(
            append_only(FINAL),
        ),
    ]
