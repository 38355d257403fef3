import django.db.models.deletion
import market.history.rules
import market.performance.models
import uuid
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, by_engine, final, guard, refuse


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_publish_score_sheets_with_the_award
    0003_what_is_final
    0004_keep_a_directory_of_services
    0005_report_again
    0006_offers_of_services
    0007_determine_before_the_names_are_out
    0008_name_the_ground_of_a_method
    0009_a_supermarket_of_services
    0010_enrol_and_draw_lots
    0011_perform_contracts
    0012_watch_over_split_purchases
    0013_find_purchases_by_stage
    0014_rest_and_go_on
    0015_hear_complaints
    0016_publish_what_was_found_of_split_purchases
    0017_follow_the_parts_of_a_bundle
    0018_how_much_is_bought
    0019_say_what_a_purchase_pays_and_attaches
    0020_letters_as_they_were_issued
    0021_tickets_of_the_hotline
    0022_who_stands_with_a_bid
    0023_contracts_are_confirmed
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "market_notice": ("id", "project_id, number"),
    "market_contract": ("id", "project_id", "award_id", "notice_id"),
    "market_itemversion": ("id", "item_id, number", "item_id, effective_from"),
    "market_itemwithdrawal": ("id", "version_id"),
    "market_enrolment": ("id", "project_id, organisation, version"),
    "market_enrolmentwithdrawal": ("id", "enrolment_id"),
    "market_choicepool": ("id", "project_id"),
    "market_shortlist": ("id", "project_id"),
    "market_pick": ("id", "project_id"),
    "market_milestone": ("id", "plan_id, number"),
    "market_delivery": ("id", "public_id", "contract_id, milestone, attempt"),
    "market_inspection": ("id", "delivery_id"),
    "market_attachment": ("id", "public_id"),
    "market_invoice": ("id", "contract_id, number"),
    "market_payment": ("id", "public_id"),
    "market_paymentanswer": ("id", "payment_id"),
    "market_complaintstep": ("id",),
    "market_decision": ("id", "public_id", "complaint_id"),
    "market_partchange": ("id", "bundle_id, part_id"),
    "market_ticketanswer": ("id", "ticket_id"),
    "market_standswith": ("id", "project_id, org, key"),
}
# An INSERT OR REPLACE would overwrite the report that stands by the key of those that stand.
STANDING = (
    "held.project_id = NEW.project_id AND held.superseded_at IS NULL AND NEW.superseded_at IS NULL AND held.id <> NEW.id"
)


class Migration(migrations.Migration):

    replaces = [("market", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('documents', '0001_tables'),
        ('intermediaries', '0001_tables'),
        ('ledger', '0001_tables'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('determined_by', models.CharField(blank=True, max_length=36)),
                ('determined_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('declined_at', models.DateTimeField(null=True)),
                ('decline_reason', models.TextField(blank=True)),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='award', to='market.notice')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='market.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('declined_at', None)), fields=('project',), name='one_standing_award'), models.UniqueConstraint(fields=('project', 'organisation'), name='awarded_once_each'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='award_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(max_length=12)),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('person', models.CharField(max_length=36)),
                ('points', models.JSONField()),
                ('known_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=36)),
                ('answered_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.project')),
            ],
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('type', models.CharField(max_length=12)),
                ('region', models.CharField(max_length=60)),
                ('effective_from', models.DateField()),
                ('basis_until', models.DateField(null=True)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_by', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='market.serviceitem')),
            ],
            options={
                'indexes': [models.Index(fields=['basis_until'], name='item_basis_ends')],
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='item_version_once'), models.UniqueConstraint(fields=('item', 'effective_from'), name='one_item_version_a_day'), models.CheckConstraint(condition=models.Q(('type__in', ['review', 'argument', 'assessment', 'evaluation', 'inspection', 'testing', 'audit', 'appraisal', 'proof', 'advice', 'trial', 'survey'])), name='item_type_known'), models.CheckConstraint(condition=models.Q(('basis_until__isnull', True), ('basis_until__gte', models.F('effective_from')), _connector='OR'), name='item_has_a_basis_when_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('type', models.CharField(max_length=16)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='market.project')),
            ],
            options={
                'indexes': [models.Index(fields=['published_at'], name='notice_published')],
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='notice_numbered_once'), models.CheckConstraint(condition=models.Q(('type__in', ['tender', 'correction', 'clarification', 'failure', 'cancellation', 'candidates', 'award', 'contract', 'suspension', 'resumption'])), name='notice_type_known')],
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
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('after', models.CharField(blank=True, max_length=36)),
                ('route', models.CharField(max_length=16)),
                ('about', models.CharField(max_length=12)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('other', models.CharField(blank=True, max_length=18)),
                ('organisation', models.CharField(blank=True, max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('ticket', models.CharField(blank=True, max_length=40)),
                ('points', models.JSONField()),
                ('request', models.TextField()),
                ('interest', models.TextField()),
                ('body', models.CharField(max_length=18)),
                ('filed_at', models.DateTimeField()),
                ('state', models.CharField(default='filed', max_length=12)),
                ('check_by', models.DateTimeField()),
                ('supplement_by', models.DateTimeField(null=True)),
                ('reply_by', models.DateTimeField(null=True)),
                ('decide_by', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=12)),
                ('ended_at', models.DateTimeField(null=True)),
                ('challenge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.challenge')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.project')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'ended_at'], name='complaint_of'), models.Index(fields=['body', 'state'], name='complaint_before')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'incomplete', 'accepted', 'refused', 'withdrawn', 'decided'])), name='complaint_state_known'), models.UniqueConstraint(condition=models.Q(('ticket', ''), _negated=True), fields=('ticket',), name='one_complaint_a_ticket')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('signed_on', models.DateField()),
                ('late_reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='market.award')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contract', to='market.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contract_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField()),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='market.complaint')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('milestone', models.PositiveSmallIntegerField()),
                ('attempt', models.PositiveSmallIntegerField()),
                ('note', models.TextField(blank=True)),
                ('salt', models.CharField(max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('delivered_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='market.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'milestone', 'attempt'), name='delivered_once_an_attempt')],
            },
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
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'organisation', 'version'), name='enrolled_once_a_version')],
            },
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
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted', models.BooleanField()),
                ('reasons', models.TextField(blank=True)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inspection', to='market.delivery')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted', True), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='returned_with_reasons')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('issued_on', models.DateField()),
                ('by_name', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='market.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'number'), name='invoiced_once_a_number'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='invoice_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='ItemWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=500)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='market.itemversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('why__in', ['lapsed', 'cancelled'])), name='withdrawal_known')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='letter', to='market.award')),
                ('paper', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issued')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('paper', None)), fields=['award'], name='letters_to_issue')],
            },
        ),
        migrations.CreateModel(
            name='PartChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('differs', models.JSONField()),
                ('at', models.DateTimeField()),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='part_changes', to='market.itemversion')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.itemversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'part'), name='part_changes_once')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('paid_on', models.DateField()),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('by_name', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='market.contract')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='PaymentAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received', models.BooleanField()),
                ('text', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='market.payment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received', True), models.Q(('text', ''), _negated=True), _connector='OR'), name='payment_disputed_with_words')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('side', models.CharField(max_length=8)),
                ('proposed_by', models.CharField(max_length=36)),
                ('proposed_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('settled_by', models.CharField(blank=True, max_length=36)),
                ('settled_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='market.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'version'), name='plan_numbered_once'), models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('contract',), name='one_plan_waiting'), models.CheckConstraint(condition=models.Q(('side__in', ['buyer', 'provider'])), name='plan_side_known'), models.CheckConstraint(condition=models.Q(models.Q(('agreed', None), ('settled_at', None)), models.Q(('agreed__isnull', False), ('settled_at__isnull', False)), _connector='OR'), name='plan_settled_with_a_word')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=300)),
                ('due_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='market.plan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='milestone_numbered_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='milestone_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=32, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('officer', models.CharField(max_length=36)),
                ('contact_name', models.CharField(max_length=64)),
                ('contact_phone', models.CharField(max_length=32)),
                ('address', models.CharField(max_length=200)),
                ('method', models.CharField(default='tender', max_length=20)),
                ('edition', models.CharField(max_length=20)),
                ('category', models.CharField(max_length=10)),
                ('ground', models.CharField(blank=True, max_length=20)),
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
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('batch', ''), _negated=True), fields=['batch'], name='project_of_batch'), models.Index(fields=['published_at'], name='project_published'), models.Index(fields=['buyer', 'stage'], name='project_of_buyer'), models.Index(fields=['stage'], name='project_in_stage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stage__in', ['draft', 'open', 'deciding', 'proposed', 'awarded', 'contracted', 'completed', 'terminated', 'failed', 'cancelled'])), name='project_stage_known'), models.CheckConstraint(condition=models.Q(('stage', 'draft'), ('published_at__isnull', False), _connector='OR'), name='project_published_unless_draft'), models.CheckConstraint(condition=models.Q(models.Q(('batch', ''), ('lot', 0)), models.Q(models.Q(('batch', ''), _negated=True), ('lot__gte', 1)), _connector='OR'), name='project_lot_of_a_batch'), models.UniqueConstraint(condition=models.Q(('batch', ''), _negated=True), fields=('batch', 'lot'), name='one_project_a_lot'), models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='project_approved_by_another')],
            },
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
            name='Determination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='determinations', to='market.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('project',), name='one_open_determination')],
            },
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
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.TextField()),
                ('salt', models.CharField(max_length=64)),
                ('order', models.JSONField()),
                ('experts', models.JSONField()),
                ('sheets', models.JSONField(default=list)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('delay_reason', models.TextField(blank=True)),
                ('publicity_ends_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='market.project')),
                ('publicity', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('project',), name='one_standing_proposal')],
            },
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=30)),
                ('item_version', models.PositiveIntegerField(default=1)),
                ('item_sha256', models.CharField(blank=True, max_length=64)),
                ('fund', models.CharField(max_length=8)),
                ('fund_share', models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ('scale', models.CharField(blank=True, max_length=300)),
                ('region', models.CharField(blank=True, max_length=60)),
                ('days', models.PositiveIntegerField()),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('price_known', models.BooleanField(default=False)),
                ('need', models.JSONField(default=dict)),
                ('excluded', models.JSONField(default=list)),
                ('closes_at', models.DateTimeField()),
                ('selects_at', models.DateTimeField()),
                ('formula', models.JSONField(null=True)),
                ('auction', models.JSONField(null=True)),
                ('factors', models.JSONField(default=list)),
                ('weights', models.JSONField(null=True)),
                ('direct', models.JSONField(null=True)),
                ('payment', models.JSONField(default=list)),
                ('rate', models.JSONField(null=True)),
                ('valid_days', models.PositiveSmallIntegerField(default=60)),
                ('attachments', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('again', models.CharField(blank=True, max_length=32)),
                ('terms', models.JSONField(null=True)),
                ('terms_sha256', models.CharField(blank=True, max_length=64)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='purchase', to='market.project')),
            ],
            options={
                'indexes': [models.Index(fields=['item'], name='purchase_of_item')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fund__in', ['fiscal', 'mixed', 'own'])), name='purchase_fund_known'), models.CheckConstraint(condition=models.Q(('fund_share__gte', 0), ('fund_share__lte', 1)), name='purchase_share'), models.CheckConstraint(condition=models.Q(('selects_at__gte', models.F('closes_at'))), name='purchase_choice_after')],
            },
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
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('person', models.CharField(max_length=36)),
                ('text', models.TextField()),
                ('raised_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=36)),
                ('answered_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='result_objections', to='market.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='result_objection_answered_with_words')],
            },
        ),
        migrations.CreateModel(
            name='ServiceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True)),
                ('draft', models.JSONField(default=dict)),
                ('drafted_at', models.DateTimeField()),
                ('reminded', models.PositiveIntegerField(default=0)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('offered_at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='intermediaries.provider')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='market.serviceitem')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'provider'), name='an_offer_once'), models.CheckConstraint(condition=models.Q(('price__isnull', True), ('price__gt', 0), _connector='OR'), name='offer_above_zero')],
            },
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
        migrations.CreateModel(
            name='SplitAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('item', models.CharField(max_length=30)),
                ('year', models.PositiveSmallIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('limit', models.DecimalField(decimal_places=2, max_digits=17)),
                ('earlier', models.JSONField()),
                ('raised_at', models.DateTimeField()),
                ('owner', models.CharField(blank=True, max_length=36)),
                ('owner_name', models.CharField(blank=True, max_length=64)),
                ('taken_at', models.DateTimeField(null=True)),
                ('finding', models.CharField(blank=True, max_length=10)),
                ('text', models.TextField(blank=True)),
                ('notes', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='split_alert', to='market.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('finding', '')), models.Q(('closed_at__isnull', False), ('finding__in', ['split', 'separate'])), _connector='OR'), name='split_alert_closed_with_a_finding'), models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('owner', ''), _negated=True), _connector='OR'), name='split_alert_closed_by_its_owner')],
            },
        ),
        migrations.CreateModel(
            name='StandsWith',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.CharField(max_length=18)),
                ('key', models.CharField(db_index=True, max_length=64)),
                ('kind', models.CharField(choices=[('member', 'Member'), ('leader', 'Leader')], max_length=6)),
                ('name', models.CharField(max_length=200)),
                ('certificate', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_with', to='market.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'org', 'key'), name='stands_with_a_bid_once')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('ground', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('document', models.CharField(blank=True, max_length=64)),
                ('matter', models.CharField(blank=True, max_length=36)),
                ('body', models.CharField(max_length=200)),
                ('ordered_by', models.CharField(max_length=36)),
                ('started_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=36)),
                ('end_text', models.TextField(blank=True)),
                ('end_notice', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='market.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('project',), name='one_suspension_at_a_time'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('started_at'))), name='suspension_has_length'), models.CheckConstraint(condition=models.Q(models.Q(('end_notice', None), ('ended_at', None)), models.Q(('end_notice__isnull', False), ('ended_at__isnull', False)), _connector='OR'), name='suspension_ended_with_notice')],
            },
        ),
        migrations.CreateModel(
            name='Termination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(max_length=8)),
                ('grounds', models.CharField(max_length=2000)),
                ('noticed_by', models.CharField(max_length=36)),
                ('noticed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('agrees', models.BooleanField(null=True)),
                ('reply', models.CharField(blank=True, max_length=2000)),
                ('replied_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('decision', models.CharField(blank=True, max_length=1000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminations', to='market.contract')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at'], name='termination_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('contract',), name='one_notice_waiting'), models.CheckConstraint(condition=models.Q(('side__in', ['buyer', 'provider'])), name='termination_side_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'agreed', 'silent', 'decided', 'rejected', 'withdrawn', 'lapsed'])), name='termination_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, upload_to=market.performance.models.attachment_path)),
                ('added_at', models.DateTimeField()),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.contract')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='market.delivery')),
                ('termination', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='market.termination')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('delivery', None), ('termination__isnull', False)), models.Q(('delivery__isnull', False), ('termination', None)), _connector='OR'), name='attached_to_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body', models.CharField(max_length=18)),
                ('number', models.CharField(max_length=40)),
                ('received_on', models.DateField()),
                ('due_on', models.DateField()),
                ('title', models.CharField(max_length=100)),
                ('text', models.CharField(max_length=500)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('project', models.CharField(blank=True, max_length=32)),
                ('named', models.CharField(blank=True, max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('imported_by', models.CharField(max_length=36)),
                ('imported_at', models.DateTimeField()),
                ('complaint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='market.complaint')),
            ],
            options={
                'indexes': [models.Index(fields=['body', 'due_on'], name='tickets_due')],
                'constraints': [models.UniqueConstraint(fields=('body', 'number'), name='a_ticket_once_a_body')],
            },
        ),
        migrations.CreateModel(
            name='TicketAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('in_time', models.BooleanField()),
                ('person', models.CharField(max_length=36)),
                ('name', models.CharField(max_length=64)),
                ('answered_on', models.DateField(db_index=True)),
                ('at', models.DateTimeField()),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='market.ticket')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['founded', 'partly', 'unfounded', 'returned', 'turned'])), name='ticket_result_known')],
            },
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60)),
                ('outcome', models.CharField(default='done', max_length=10)),
                ('control', models.DecimalField(decimal_places=2, max_digits=17, null=True)),
                ('award', models.DecimalField(decimal_places=2, max_digits=17, null=True)),
                ('notices', models.PositiveIntegerField(default=1)),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transactions', to='market.transactionset')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('set', 'number'), name='transaction_once_a_set'), models.CheckConstraint(condition=models.Q(('outcome__in', [market.history.rules.Outcome['DONE'], market.history.rules.Outcome['FAILED'], market.history.rules.Outcome['CANCELLED']])), name='transaction_outcome_known'), models.CheckConstraint(condition=models.Q(('control__isnull', True), ('award__isnull', True), ('award__lte', models.F('control')), _connector='OR'), name='transaction_never_over_its_control_price')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=12)),
                ('text', models.TextField(blank=True)),
                ('points', models.JSONField(default=list)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='market.complaint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('what__in', ['defects', 'reply', 'decided'])), fields=('complaint', 'what'), name='complaint_step_once')],
            },
        ),
        migrations.CreateModel(
            name='ContractProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=17)),
                ('payment', models.CharField(max_length=1000)),
                ('delivery', models.CharField(max_length=1000)),
                ('late_reason', models.CharField(blank=True, max_length=500)),
                ('proposed_by', models.CharField(max_length=36)),
                ('proposed_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('reasons', models.CharField(blank=True, max_length=1000)),
                ('settled_by', models.CharField(blank=True, max_length=36)),
                ('settled_at', models.DateTimeField(null=True)),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='market.award')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.evidence')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('award', 'version'), name='contract_proposed_once_a_version'), models.UniqueConstraint(condition=models.Q(('settled_at', None), ('agreed', True), _connector='OR'), fields=('award',), name='one_contract_waits_or_stands'), models.CheckConstraint(condition=models.Q(models.Q(('agreed', False), _negated=True), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='contract_returned_with_reasons')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
            final(
                "market_award", "id, project_id, notice_id, rank, organisation, name, amount, determined_by, determined_at",
                once="declined_at, decline_reason", done="OLD.declined_at IS NOT NULL",
                keys=("id", "notice_id", "project_id, organisation"),
            ),
            final(
                "market_resultobjection", "id, public_id, project_id, organisation, name, person, text, raised_at, due_at",
                once="answer, answered_by, answered_at", done="OLD.answered_at IS NOT NULL",
                keys=("id", "public_id"),
            ),
            final(
                "market_proposal", "id, project_id, report, salt, \"order\", experts, sheets, received_at",
                once="publicity_id", done="OLD.publicity_id IS NOT NULL",
                keys=("id",),
            ),
            final(
                "market_entrantlist", "id, project_id, digest, nonce, listing, fixed_at",
                once="entry_id, closed_at", done="OLD.entry_id IS NOT NULL",
                keys=("id", "project_id"),
            ),
            final(
                "market_suspension", "id, public_id, project_id, ground, text, document, matter, body, notice_id, ordered_by, started_at, until",
                once="ended_at, ended_by, end_text, end_notice_id", done="OLD.ended_at IS NOT NULL",
                keys=("id", "public_id"),
            ),
            final(
                "market_challenge", "id, public_id, project_id, about, organisation, name, person, points, known_at, raised_at, due_at",
                once="answer, answered_by, answered_at", done="OLD.answered_at IS NOT NULL",
                keys=("id", "public_id"),
            ),
            final(
                "market_complaint", "id, public_id, project_id, challenge_id, \"after\", route, about, subject, other, organisation, name, person, ticket, points, request, interest, body, filed_at",
                once="outcome, ended_at", done="OLD.ended_at IS NOT NULL",
                keys=("id", "public_id"),
            ),
            final(
                "market_letter", "id, award_id",
                once="paper_id", done="OLD.paper_id IS NOT NULL",
                keys=("id", "award_id", "paper_id"),
            ),
            final(
                "market_contractproposal", "id, public_id, award_id, version, amount, payment, delivery, late_reason, file_id, proposed_by, proposed_at",
                once="agreed, reasons, settled_by, settled_at", done="OLD.settled_at IS NOT NULL",
                keys=("id", "public_id", "award_id, version", "file_id"),
            ),
            refuse(
                "market_proposal_superseded", "market_proposal", "UPDATE OF superseded_at",
                "OLD.superseded_at IS NOT NULL", "final: market_proposal",
            ),
            by_engine(
                sqlite=(
                    "CREATE TRIGGER market_proposal_one_stands BEFORE INSERT ON market_proposal"
                    f" WHEN EXISTS (SELECT 1 FROM market_proposal AS held WHERE {STANDING})"
                    " BEGIN SELECT RAISE(ABORT, 'final: market_proposal'); END",
                ),
            ),
            refuse(
                "market_award_accepted", "market_award", "UPDATE OF accepted_at", "OLD.accepted_at IS NOT NULL",
                "final: market_award",
            ),
            refuse(
                "market_entrantlist_published", "market_entrantlist", "UPDATE OF published, published_at",
                "OLD.published <> ''", "final: market_entrantlist",
            ),
        ),
    ]
