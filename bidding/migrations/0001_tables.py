import bidding.tender.models
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, final, guard, refuse


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_what_is_final
    0003_read_guarantees_out_of_opened_bids
    0004_quotes_in_rounds
    0005_two_persons_for_an_outage
    0006_read_the_table_to_everybody
    0007_what_else_is_final
    0008_disclose_quotes_with_the_result
    0009_name_the_formula_of_prices
    0010_what_a_panel_settles
    0011_score_again
    0012_keep_reviews_while_they_are_written
    0013_bind_recordings_in
    0014_appraise_each_other
    0015_disclose_what_happened_behind_closed_doors
    0016_free_guarantees_of_those_who_leave
    0017_locked_sheets_stay
    0018_quotes_that_open_by_themselves
    0019_live_auctions
    0020_keep_sealed_traces_of_a_bid
    0021_judge_explanations_of_low_quotes
    0022_ask_who_leads
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "bidding_bid": ("id", "eid", "tender_id, part, organisation, version"),
    "bidding_withdrawal": ("id", "bid_id"),
    "bidding_latebid": ("id", "tender_id, organisation, statements_sha256"),
    "bidding_storedenvelope": ("id", "tender_id, organisation, part, sha256"),
    "bidding_release": ("id", "unit_id, role, member, good"),
    "bidding_qualification": ("id", "evaluation_id, org"),
    "bidding_declaration": ("id", "seat_id"),
    "bidding_review": ("id", "seat_id"),
    "bidding_sheetversion": ("id", "sheet_id, version"),
    "bidding_signature": ("id", "seat_id, round"),
    "bidding_rosterchange": ("id",),
    "bidding_admission": ("id", "tender_id, organisation"),
    "bidding_failedattempt": ("id",),
    "bidding_causestatement": ("id",),
    "bidding_causedecision": ("id",),
    "bidding_incident": ("id", "tender_id, number"),
    "bidding_keptslots": ("id", "number, part, organisation"),
    "bidding_hallmessage": ("id",),
    "bidding_mute": ("id",),
    "bidding_identitycheck": ("id",),
    "bidding_pricecheck": ("id", "opening_id, bidder"),
    "bidding_answer": ("id", "change_id, question_id"),
    "bidding_fewstatement": ("id", "closing_id"),
    "bidding_holderturn": ("id", "opening_id, part, member"),
    "bidding_attendance": ("id", "opening_id, organisation"),
    "bidding_acknowledgement": ("id", "opening_id, organisation, role"),
    "bidding_question": ("id", "public_id"),
    "bidding_paper": ("id", "opening_id, sha256", "entry_id"),
    "bidding_refund": ("id", "tender_id, organisation"),
    "bidding_talknote": ("id",),
    "bidding_leaving": ("id", "evaluation_id, org"),
    "bidding_incidentreport": ("id", "tender_id, number"),
    "bidding_reading": ("id",),
    "bidding_slot": ("id", "committee_id, number"),
    "bidding_taking": ("id", "tender_id, organisation"),
    "bidding_signin": ("id", "seat_id"),
    "bidding_leadervote": ("id", "seat_id, round"),
    "bidding_mattervote": ("id", "matter_id, seat_id, stage"),
    "bidding_recording": ("id", "evaluation_id, sha256"),
    "bidding_appraisal": ("id", "seat_id, by_member"),
    "bidding_disclosure": ("id", "tender_id", "entry_id"),
    "bidding_freed": ("id", "tender_id, organisation"),
    "bidding_fixedquotes": ("id", "tender_id", "entry_id"),
    "bidding_assessment": ("id", "judge_id, organisation"),
    "bidding_auctionbidder": ("id", "auction_id, organisation", "auction_id, alias"),
    "bidding_quote": ("id", "bidder_id, quote", "auction_id, number"),
}
# Of a change the published words stay; the deadline of a published tender moves only to what a published change says,
# from where that change found it, before it has passed, and never once the list of bids is fixed.
CHANGE = "text, differences, may_affect, was, closes_at, proposed_by, approved_by, published_at, notice_id, tender_id"
BACK = """
    OLD.terms_sha256 <> '' AND NEW.closes_at <> OLD.closes_at AND (
        NEW.closes_at < OLD.closes_at
        OR EXISTS (SELECT 1 FROM bidding_closing WHERE tender_id = OLD.id)
        OR NOT EXISTS (
            SELECT 1 FROM bidding_change AS change
            WHERE change.tender_id = OLD.id AND change.notice_id IS NOT NULL AND change.was = OLD.closes_at
                AND change.closes_at = NEW.closes_at AND change.published_at < OLD.closes_at
        )
    )
"""


class Migration(migrations.Migration):

    replaces = [("bidding", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('accounts', '__first__'),
        ('experts', '0001_tables'),
        ('ledger', '0001_tables'),
        ('market', '0001_tables'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Judge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36)),
                ('name', models.CharField(max_length=64)),
                ('invited', models.BooleanField()),
                ('named_at', models.DateTimeField()),
                ('declared_at', models.DateTimeField(null=True)),
                ('recused', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judges', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('person'), name='judge_named_once')],
            },
        ),
        migrations.CreateModel(
            name='KeyCommittee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=8)),
                ('k', models.PositiveIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('slots', models.PositiveIntegerField()),
                ('roster', models.JSONField()),
                ('state', models.CharField(default='wanted', max_length=8)),
                ('cmh', models.CharField(blank=True, max_length=64)),
                ('dummy', models.JSONField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'part'), name='one_committee_a_part'), models.CheckConstraint(condition=models.Q(('part__in', ('sheet', 'body', 'tech', 'price'))), name='committee_part_known'), models.CheckConstraint(condition=models.Q(('state__in', ['wanted', 'trial', 'ready'])), name='committee_state_known'), models.CheckConstraint(condition=models.Q(('k__gte', 2), ('k__lte', models.F('n'))), name='committee_threshold')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.PositiveSmallIntegerField(default=1)),
                ('opened_by', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField()),
                ('turn_ends', models.DateTimeField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_by', models.CharField(blank=True, max_length=12)),
                ('bidders_done_at', models.DateTimeField(null=True)),
                ('rescue_from', models.DateTimeField(null=True)),
                ('causes_from', models.DateTimeField(null=True)),
                ('read_out_at', models.DateTimeField(null=True)),
                ('record_sha256', models.CharField(blank=True, max_length=64)),
                ('ended_at', models.DateTimeField(null=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('session'), name='opening_once_a_session')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('organisation', models.CharField(max_length=18)),
                ('person', models.CharField(max_length=36)),
                ('text', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Auction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DecimalField(decimal_places=2, max_digits=15)),
                ('step', models.DecimalField(decimal_places=2, max_digits=15)),
                ('window', models.PositiveIntegerField()),
                ('most', models.PositiveIntegerField()),
                ('restart', models.PositiveIntegerField()),
                ('called_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('opens_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('number', models.PositiveIntegerField(default=0)),
                ('best', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('leader', models.CharField(blank=True, max_length=8)),
                ('extended', models.PositiveIntegerField(default=0)),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_by', models.CharField(blank=True, max_length=10)),
                ('pause_reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='auction', to='market.project')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['ends_at'], name='auction_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('start__gt', 0), ('step__gt', 0)), name='auction_above_zero'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('opens_at'))), name='auction_ends_after_it_opens'), models.CheckConstraint(condition=models.Q(('extended__lte', models.F('most'))), name='auction_extended_at_most'), models.CheckConstraint(condition=models.Q(models.Q(('best', None), ('leader', ''), ('number', 0)), models.Q(('best__gt', 0), ('number__gt', 0), models.Q(('leader', ''), _negated=True)), _connector='OR'), name='auction_led_by_a_quote')],
            },
        ),
        migrations.CreateModel(
            name='AuctionBidder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('alias', models.CharField(max_length=8)),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bidders', to='bidding.auction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('auction', 'organisation'), name='bidder_once_an_auction'), models.UniqueConstraint(fields=('auction', 'alias'), name='alias_once_an_auction')],
            },
        ),
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('gen', models.PositiveIntegerField()),
                ('part', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('eid', models.CharField(max_length=32, unique=True)),
                ('slot', models.PositiveIntegerField()),
                ('env_sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('replaces', models.CharField(blank=True, max_length=64)),
                ('sub', models.TextField()),
                ('sub_sha256', models.CharField(max_length=64, unique=True)),
                ('received_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('receipt', models.TextField()),
                ('traces', models.BinaryField(null=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='bidding.tender')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received_at__lt', models.F('closes_at'))), name='bid_before_the_deadline'), models.CheckConstraint(condition=models.Q(('slot__gte', 1)), name='bid_not_in_the_rehearsal_slot'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('organisation'), models.F('version'), name='bid_one_per_version'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('slot'), name='bid_one_per_slot')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(blank=True)),
                ('differences', models.JSONField(default=list)),
                ('may_affect', models.BooleanField()),
                ('was', models.DateTimeField(null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('proposed_by', models.CharField(max_length=36)),
                ('proposed_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('comment', models.TextField(blank=True)),
                ('approved_by', models.CharField(blank=True, max_length=36)),
                ('published_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('notice', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('published_at', None), ('returned_at', None)), fields=('tender',), name='one_change_at_a_time'), models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='change_approved_by_another'), models.CheckConstraint(condition=models.Q(('published_at', None), models.Q(('notice__isnull', False), ('returned_at', None), models.Q(('approved_by', ''), _negated=True)), _connector='OR'), name='change_published_with_notice'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('closes_at__gt', models.F('was')), _connector='OR'), name='change_moves_forward')],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('nonce', models.BinaryField()),
                ('listing', models.TextField()),
                ('fixed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('panel', 'panel'), ('review', 'review'), ('talks', 'talks'), ('scores', 'scores'), ('dispute', 'dispute'), ('price', 'price'), ('signing', 'signing'), ('tie', 'tie'), ('done', 'done'), ('failed', 'failed')], max_length=10)),
                ('step_since', models.DateTimeField()),
                ('qualified_at', models.DateTimeField()),
                ('compliance', models.JSONField(default=dict)),
                ('report', models.TextField(blank=True)),
                ('report_salt', models.CharField(blank=True, max_length=64)),
                ('commitment', models.CharField(blank=True, max_length=64)),
                ('reported_at', models.DateTimeField(null=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation', to='market.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['panel', 'review', 'talks', 'scores', 'dispute', 'price', 'signing', 'tie', 'done', 'failed'])), name='evaluation_step_known')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('orgs', models.JSONField()),
                ('at', models.DateTimeField()),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='declaration', to='experts.seat')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='bidding.evaluation')),
            ],
        ),
        migrations.CreateModel(
            name='Appraisal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_member', models.BooleanField()),
                ('marks', models.JSONField()),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='bidding.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seat', 'by_member'), name='appraised_once')],
            },
        ),
        migrations.CreateModel(
            name='FewStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('at', models.DateTimeField()),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='few', to='bidding.closing')),
            ],
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('scores', models.JSONField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='bidding.judge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('judge'), models.F('organisation'), name='assessed_once')],
            },
        ),
        migrations.CreateModel(
            name='Keeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('duty', models.CharField(max_length=8)),
                ('away', models.BooleanField(default=False)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation'], name='keeper_of_holder')],
                'constraints': [models.CheckConstraint(condition=models.Q(('duty__in', ['member', 'deputy', 'none'])), name='keeper_duty_known')],
            },
        ),
        migrations.CreateModel(
            name='KeptSlots',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32)),
                ('part', models.CharField(max_length=8)),
                ('organisation', models.CharField(max_length=18)),
                ('slots', models.PositiveIntegerField()),
                ('keys', models.TextField()),
                ('statement', models.JSONField()),
                ('posted_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('number', 'part', 'organisation'), name='slots_kept_once')],
            },
        ),
        migrations.CreateModel(
            name='CommitteeMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('i', models.PositiveIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('keys', models.TextField()),
                ('statement', models.JSONField()),
                ('posted_at', models.DateTimeField()),
                ('trial', models.JSONField(null=True)),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='bidding.keycommittee')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('committee', 'i'), name='one_member_a_place'), models.UniqueConstraint(fields=('committee', 'organisation'), name='one_place_a_member')],
            },
        ),
        migrations.CreateModel(
            name='LeaderVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('choice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leader_votes', to='bidding.evaluation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seat', 'round'), name='voted_for_a_leader_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='Leaving',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.CharField(max_length=18)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leavings', to='bidding.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'org'), name='left_once')],
            },
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder', models.CharField(max_length=18)),
                ('muted', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mutes', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder', models.CharField(max_length=18)),
                ('fits', models.BooleanField()),
                ('by_hand', models.BooleanField()),
                ('deposit', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_checks', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='HolderTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=8)),
                ('member', models.PositiveSmallIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('releases_sha256', models.CharField(max_length=64)),
                ('salt', models.BinaryField(default=bytes)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('part'), models.F('member'), name='holder_turn_once')],
            },
        ),
        migrations.CreateModel(
            name='HallObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('text', models.TextField()),
                ('statement', models.TextField()),
                ('statement_sha256', models.CharField(max_length=64)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('statement_sha256'), name='objection_once')],
            },
        ),
        migrations.CreateModel(
            name='HallMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=18)),
                ('to', models.CharField(max_length=18)),
                ('text', models.CharField(max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('salt', models.BinaryField(default=bytes)),
                ('commitment', models.CharField(blank=True, max_length=64)),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='CauseStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder', models.CharField(max_length=18)),
                ('side', models.CharField(max_length=8)),
                ('cause', models.CharField(max_length=8)),
                ('reason', models.TextField()),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cause_statements', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='CauseDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder', models.CharField(max_length=18)),
                ('cause', models.CharField(max_length=8)),
                ('how', models.CharField(max_length=12)),
                ('reason', models.TextField()),
                ('person', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cause_decisions', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('organisation'), name='attendance_once')],
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('role', models.CharField(choices=[('bidder', 'Bidder'), ('witness', 'Witness'), ('host', 'Host')], max_length=8)),
                ('statement', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('organisation'), models.F('role'), name='acknowledged_once')],
            },
        ),
        migrations.CreateModel(
            name='OpeningUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(blank=True, max_length=24)),
                ('findings', models.JSONField(default=list)),
                ('sheet', models.JSONField(null=True)),
                ('consortium', models.JSONField(null=True)),
                ('guarantee', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('damaged_at', models.DateTimeField(null=True)),
                ('bid', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='unit', to='bidding.bid')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='FailedAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='bidding.openingunit')),
            ],
        ),
        migrations.CreateModel(
            name='PanelMatter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('org', models.CharField(blank=True, max_length=18)),
                ('text', models.TextField()),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('carried', models.BooleanField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('agreed', models.BooleanField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('upheld', models.BooleanField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='bidding.evaluation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='MatterVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=5)),
                ('yes', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='bidding.panelmatter')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('matter', 'seat', 'stage'), name='voted_on_a_matter_once')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('printed', 'Printed'), ('scan', 'Scan')], max_length=8)),
                ('title', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=40)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), condition=models.Q(('origin', 'printed')), name='paper_printed_once'), models.UniqueConstraint(models.F('opening'), models.F('sha256'), name='paper_filed_once')],
            },
        ),
        migrations.CreateModel(
            name='PriceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bidder', models.CharField(max_length=18)),
                ('agrees', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('sheet_sha256', models.CharField(max_length=64)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_checks', to='bidding.opening')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('bidder'), name='price_checked_once')],
            },
        ),
        migrations.CreateModel(
            name='PriceExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('price', models.DecimalField(decimal_places=2, max_digits=15)),
                ('grounds', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('said_by', models.CharField(blank=True, max_length=36)),
                ('said_at', models.DateTimeField(null=True)),
                ('accepted', models.BooleanField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('judged_by', models.CharField(blank=True, max_length=36)),
                ('judged_at', models.DateTimeField(null=True)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='bidding.auction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('auction', 'organisation'), name='explained_once'), models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('judged_at', None)), models.Q(('accepted__isnull', False), ('judged_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='explanation_judged_with_reasons')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('passed', models.BooleanField()),
                ('findings', models.JSONField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifications', to='bidding.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'org'), name='qualified_once')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='bidding.change')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='bidding.question')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('change', 'question'), name='answered_once_in_a_change')],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=36)),
                ('quote', models.UUIDField(default=uuid.uuid4)),
                ('typed', models.CharField(max_length=40)),
                ('price', models.DecimalField(decimal_places=2, max_digits=15)),
                ('at', models.DateTimeField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=15, null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('refused', models.CharField(blank=True, max_length=60)),
                ('refusal', models.JSONField(default=list)),
                ('auction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='bidding.auction')),
                ('bidder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='bidding.auctionbidder')),
            ],
            options={
                'indexes': [models.Index(fields=['bidder', 'at'], name='quotes_of_bidder')],
                'constraints': [models.UniqueConstraint(fields=('bidder', 'quote'), name='quote_once_a_bidder'), models.UniqueConstraint(fields=('auction', 'number'), name='quote_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('ceiling', None), ('closes_at', None), ('ends_at', None), ('number', None), models.Q(('refused', ''), _negated=True)), models.Q(('at__lt', models.F('closes_at')), ('number__gt', 0), ('price__gt', 0), ('price__lte', models.F('ceiling')), ('refused', ''), ('ends_at__gte', models.F('closes_at'))), _connector='OR'), name='quote_better_and_in_time')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('orgs', models.JSONField(default=list)),
                ('begins_at', models.DateTimeField(null=True)),
                ('seconds', models.PositiveSmallIntegerField(default=0)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='bidding.opening')),
            ],
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('kept_at', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=18)),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recordings', to='bidding.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'sha256'), name='recorded_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('b', 'Bidder'), ('c', 'Holder'), ('rescue', 'Rescue')], max_length=8)),
                ('member', models.PositiveSmallIntegerField(default=0)),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('good', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='bidding.openingunit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('unit'), models.F('role'), models.F('member'), models.F('good'), name='release_one_good_one_wrong')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('votes', models.JSONField()),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('votes', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_drafts', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review_draft', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='Rollback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=16)),
                ('reason', models.TextField()),
                ('asked_by', models.CharField(max_length=36)),
                ('asked_at', models.DateTimeField()),
                ('approved', models.BooleanField(null=True)),
                ('why', models.TextField(blank=True)),
                ('decided_by', models.CharField(blank=True, max_length=36)),
                ('decided_at', models.DateTimeField(null=True)),
                ('state', models.JSONField(null=True)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollbacks', to='bidding.evaluation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('approved', None)), fields=('evaluation',), name='one_rollback_asked')],
            },
        ),
        migrations.CreateModel(
            name='RosterChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('what', models.CharField(max_length=8)),
                ('person', models.CharField(blank=True, max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'id'], name='roster_history')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scores', models.JSONField(default=dict)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('locked_at', models.DateTimeField(null=True)),
                ('correcting', models.TextField(blank=True)),
                ('commitment', models.CharField(blank=True, max_length=64)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='SheetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('content', models.TextField()),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('why', models.TextField(blank=True)),
                ('locked_at', models.DateTimeField()),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='bidding.sheet')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'version'), name='sheet_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('dissent', models.TextField(blank=True)),
                ('explanation', models.TextField(blank=True, default='')),
                ('refused', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='bidding.evaluation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('seat', 'round'), name='signed_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sign_in', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('allotted_to', models.CharField(max_length=18)),
                ('allotted_at', models.DateTimeField()),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allotted', to='bidding.keycommittee')),
            ],
            options={
                'indexes': [models.Index(fields=['committee', 'allotted_to'], name='slot_of_bidder')],
                'constraints': [models.UniqueConstraint(fields=('committee', 'number'), name='slot_allotted_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='slot_zero_is_the_trials')],
            },
        ),
        migrations.CreateModel(
            name='StandingHolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('unattended', models.BooleanField(default=False)),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='TalkNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('org', models.CharField(max_length=18)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talk_notes', to='bidding.evaluation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='Tender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supply_ends_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('drain', models.PositiveIntegerField()),
                ('window', models.PositiveIntegerField()),
                ('min_bids', models.PositiveIntegerField(default=3)),
                ('policy', models.CharField(default='A', max_length=1)),
                ('envelopes', models.CharField(default='one', max_length=3)),
                ('price_weight', models.DecimalField(decimal_places=2, max_digits=5)),
                ('small_deduction', models.DecimalField(decimal_places=2, max_digits=3)),
                ('factors', models.JSONField(default=list)),
                ('qualifications', models.JSONField(default=list)),
                ('formula', models.JSONField(null=True)),
                ('policies', models.JSONField(null=True)),
                ('guarantee', models.JSONField(null=True)),
                ('leader', models.JSONField(null=True)),
                ('terms', models.JSONField(null=True)),
                ('terms_sha256', models.CharField(blank=True, max_length=64)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tender', to='market.project')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('supply_ends_at__lte', models.F('closes_at')), ('terms__isnull', True), _connector='OR'), name='tender_supply_before_deadline'), models.CheckConstraint(condition=models.Q(('envelopes__in', ['one', 'two'])), name='tender_envelopes_known')],
            },
        ),
        migrations.CreateModel(
            name='Taking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('person', models.CharField(max_length=36)),
                ('receipt', models.TextField()),
                ('taken_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='documents_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='StoredEnvelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('eid', models.CharField(max_length=32)),
                ('slot', models.PositiveIntegerField()),
                ('stored_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('part'), models.F('sha256'), name='envelope_stored_once')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('last', models.BooleanField()),
                ('invited', models.JSONField()),
                ('called_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('nonce', models.BinaryField(default=bytes)),
                ('listing', models.TextField(blank=True)),
                ('fixed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('disclosed_at', models.DateTimeField(null=True)),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('number'), name='round_once'), models.CheckConstraint(condition=models.Q(('called_at__lt', models.F('closes_at'))), name='round_takes_time')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('refunded_on', models.DateField()),
                ('noted_by', models.CharField(max_length=36)),
                ('noted_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='refunded_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadinessAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('span', models.CharField(max_length=4)),
                ('closes_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation', 'span', 'closes_at'), name='alarm_raised_once')],
            },
        ),
        migrations.CreateModel(
            name='Readiness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.JSONField()),
                ('confirmed_at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='one_readiness_a_holder')],
            },
        ),
        migrations.CreateModel(
            name='LowQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('least', models.DecimalField(decimal_places=2, max_digits=14)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('judge_by', models.DateTimeField(null=True)),
                ('accepted', models.BooleanField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('judged_by', models.CharField(blank=True, max_length=36)),
                ('judged_at', models.DateTimeField(null=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='low_quotes', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), name='low_quote_asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('judged_at', None)), models.Q(('accepted__isnull', False), ('answered_at__isnull', False), ('judged_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='low_quote_judged_with_reasons')],
            },
        ),
        migrations.CreateModel(
            name='LateBid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('code', models.CharField(max_length=32)),
                ('statements_sha256', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('refusal', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_bids', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('statements_sha256'), name='late_bid_refused_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('cause', models.TextField()),
                ('person', models.CharField(max_length=64)),
                ('organisation', models.CharField(max_length=18)),
                ('at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incident_reports', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('number'), name='incident_reported_once')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('cause', models.TextField()),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('number'), name='incident_once')],
            },
        ),
        migrations.CreateModel(
            name='HostLease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=64)),
                ('until', models.DateTimeField()),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='host_lease', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Freed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('at', models.DateTimeField()),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='freed', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='freed_once')],
            },
        ),
        migrations.CreateModel(
            name='FixedQuotes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rows', models.JSONField()),
                ('at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='fixed_quotes', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField(default=1)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, upload_to=bidding.tender.models.document_path)),
                ('added_at', models.DateTimeField()),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='bidding.change')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('change', None)), fields=('tender', 'name'), name='document_named_once'), models.UniqueConstraint(fields=('change', 'name'), name='document_changed_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='document_version_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='disclosure', to='bidding.tender')),
            ],
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), name='admitted_once')],
            },
        ),
        migrations.CreateModel(
            name='TermsChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('told_to', models.JSONField(default=list)),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms_changes', to='bidding.evaluation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='experts.seat')),
            ],
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('length', models.PositiveBigIntegerField()),
                ('offset', models.PositiveBigIntegerField(default=0)),
                ('touched_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('part'), models.F('sha256'), name='upload_once'), models.CheckConstraint(condition=models.Q(('offset__lte', models.F('length'))), name='upload_within_its_length')],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('wd', models.TextField()),
                ('wd_sha256', models.CharField(max_length=64, unique=True)),
                ('received_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('receipt', models.TextField()),
                ('bid', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='bidding.bid')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='bidding.tender')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received_at__lt', models.F('closes_at'))), name='withdrawal_before_the_deadline'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('organisation'), models.F('version'), name='withdrawal_one_per_version')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
            final(
                "bidding_closing", "id, tender_id, digest, nonce, listing, fixed_at",
                once="entry_id, closed_at", done="OLD.entry_id IS NOT NULL",
                keys=("id", "tender_id"),
            ),
            final(
                "bidding_document", "id, tender_id, change_id, name, version, size, sha256, file, added_at",
                once="superseded_at", done="OLD.superseded_at IS NOT NULL",
                since="(\n    OLD.change_id IS NULL AND EXISTS (\n        SELECT 1 FROM bidding_tender AS tender WHERE tender.id = OLD.tender_id AND tender.terms_sha256 <> ''\n    ) OR EXISTS (\n        SELECT 1 FROM bidding_change AS change WHERE change.id = OLD.change_id AND change.notice_id IS NOT NULL\n    )\n)",
                keys=("id",),
            ),
            final(
                "bidding_openingunit", "id, opening_id, bid_id",
                once="verdict, findings, sheet, consortium, guarantee, decided_at", done="OLD.verdict <> ''",
                keys=("id", "bid_id"),
            ),
            final(
                "bidding_hallobjection", "id, opening_id, organisation, text, statement, statement_sha256, entry_id",
                once="answer, answered_at", done="OLD.answered_at IS NOT NULL",
                keys=("id", "opening_id, statement_sha256", "entry_id"),
            ),
            final(
                "bidding_panelmatter", "id, evaluation_id, kind, org, seat_id, text, facts, at",
                once="carried, due_at, answer, agreed, answered_at, upheld, closed_at", done="OLD.closed_at IS NOT NULL",
                keys=("id",),
            ),
            final(
                "bidding_rollback", "id, evaluation_id, ground, reason, asked_by, asked_at",
                once="approved, why, decided_by, decided_at, state", done="OLD.decided_at IS NOT NULL",
                keys=("id",),
            ),
            final(
                "bidding_sheet", "id, evaluation_id, seat_id, scores, version, commitment",
                since='OLD.locked_at IS NOT NULL',
                keys=("id", "seat_id"),
            ),
            final(
                "bidding_priceexplanation", "id, auction_id, organisation, price, grounds, asked_at, due_at",
                once="text, said_by, said_at, accepted, reason, judged_by, judged_at", done="OLD.judged_at IS NOT NULL",
                keys=("id",),
            ),
            refuse(
                "bidding_change_final", "bidding_change", f"UPDATE OF {CHANGE}", "OLD.notice_id IS NOT NULL",
                "final: a published change",
            ),
            refuse(
                "bidding_change_stays", "bidding_change", "DELETE", "OLD.notice_id IS NOT NULL",
                "final: a published change",
            ),
            refuse(
                "bidding_tender_forward", "bidding_tender", "UPDATE OF closes_at", BACK,
                "forward: the deadline of a published tender",
            ),
        ),
    ]
