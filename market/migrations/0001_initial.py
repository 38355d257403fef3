import django.db.models.deletion
import market.history.rules
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=32, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('officer', models.CharField(max_length=36)),
                ('contact_name', models.CharField(max_length=64)),
                ('contact_phone', models.CharField(max_length=32)),
                ('address', models.CharField(max_length=200)),
                ('method', models.CharField(default='tender', max_length=20)),
                ('edition', models.CharField(max_length=20)),
                ('category', models.CharField(max_length=10)),
                ('item', models.CharField(max_length=200)),
                ('demand', models.TextField()),
                ('budget', models.DecimalField(decimal_places=2, max_digits=17)),
                ('price_cap', models.DecimalField(decimal_places=2, max_digits=17)),
                ('stage', models.CharField(default='draft', max_length=12)),
                ('stage_at', models.DateTimeField()),
                ('drafted_by', models.CharField(max_length=36)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('returned_comment', models.TextField(blank=True)),
                ('approved_by', models.CharField(blank=True, max_length=36)),
                ('approved_at', models.DateTimeField(null=True)),
                ('publish_at', models.DateTimeField()),
                ('scheduled_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('notice_ends_at', models.DateTimeField(null=True)),
                ('terms_sha256', models.CharField(blank=True, max_length=64)),
                ('end_reasons', models.JSONField(default=list)),
                ('batch', models.CharField(blank=True, max_length=32)),
                ('lot', models.PositiveSmallIntegerField(default=0)),
                ('most_lots', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('batch', ''), _negated=True), fields=['batch'], name='project_of_batch'), models.Index(fields=['published_at'], name='project_published'), models.Index(fields=['buyer', 'stage'], name='project_of_buyer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stage__in', ['draft', 'open', 'deciding', 'proposed', 'awarded', 'contracted', 'completed', 'failed', 'cancelled'])), name='project_stage_known'), models.CheckConstraint(condition=models.Q(('stage', 'draft'), ('published_at__isnull', False), _connector='OR'), name='project_published_unless_draft'), models.CheckConstraint(condition=models.Q(models.Q(('batch', ''), ('lot', 0)), models.Q(models.Q(('batch', ''), _negated=True), ('lot__gte', 1)), _connector='OR'), name='project_lot_of_a_batch'), models.UniqueConstraint(condition=models.Q(('batch', ''), _negated=True), fields=('batch', 'lot'), name='one_project_a_lot'), models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='project_approved_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='market.project')),
                ('number', models.PositiveIntegerField()),
                ('type', models.CharField(max_length=16)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['published_at'], name='notice_published')],
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='notice_numbered_once'), models.CheckConstraint(condition=models.Q(('type__in', ['tender', 'correction', 'clarification', 'failure', 'cancellation', 'candidates', 'award', 'contract'])), name='notice_type_known')],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='market.project')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='award', to='market.notice')),
                ('rank', models.PositiveIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('determined_by', models.CharField(blank=True, max_length=36)),
                ('determined_at', models.DateTimeField()),
                ('declined_at', models.DateTimeField(null=True)),
                ('decline_reason', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('declined_at', None)), fields=('project',), name='one_standing_award'), models.UniqueConstraint(fields=('project', 'organisation'), name='awarded_once_each'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='award_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='market.project')),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='market.award')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('signed_on', models.DateField()),
                ('late_reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contract_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='market.project')),
                ('report', models.TextField()),
                ('salt', models.CharField(max_length=64)),
                ('order', models.JSONField()),
                ('experts', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('delay_reason', models.TextField(blank=True)),
                ('publicity', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('publicity_ends_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReservedNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('reserved_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('taken_at__isnull', True)), fields=['reserved_at'], name='number_free')],
            },
        ),
        migrations.CreateModel(
            name='ResultObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='result_objections', to='market.project')),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('person', models.CharField(max_length=36)),
                ('text', models.TextField()),
                ('raised_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=36)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='result_objection_answered_with_words')],
            },
        ),
        migrations.CreateModel(
            name='TransactionSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('period', models.CharField(max_length=100)),
                ('source', models.CharField(max_length=200)),
                ('basis', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transactions', to='market.transactionset')),
                ('number', models.CharField(max_length=60)),
                ('outcome', models.CharField(default='done', max_length=10)),
                ('control', models.DecimalField(decimal_places=2, max_digits=17, null=True)),
                ('award', models.DecimalField(decimal_places=2, max_digits=17, null=True)),
                ('notices', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('set', 'number'), name='transaction_once_a_set'), models.CheckConstraint(condition=models.Q(('outcome__in', [market.history.rules.Outcome['DONE'], market.history.rules.Outcome['FAILED'], market.history.rules.Outcome['CANCELLED']])), name='transaction_outcome_known'), models.CheckConstraint(condition=models.Q(('control__isnull', True), ('award__isnull', True), ('award__lte', models.F('control')), _connector='OR'), name='transaction_never_over_its_control_price')],
            },
        ),
    ]
