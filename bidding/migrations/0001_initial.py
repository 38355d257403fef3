import bidding.tender.models
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class CreateModels(migrations.SeparateDatabaseAndState):
    """All models of the app at once: taken one by one, each would have every model related to it rendered anew."""

    def __init__(self, state_operations):
        super().__init__(state_operations=state_operations)

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.state_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('experts', '0001_initial'),
        ('ledger', '0003_pending'),
        ('market', '0001_initial'),
    ]

    operations = [CreateModels([
        migrations.CreateModel(
            name='Tender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tender', to='market.project')),
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
                ('guarantee', models.JSONField(null=True)),
                ('terms', models.JSONField(null=True)),
                ('terms_sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('supply_ends_at__lte', models.F('closes_at')), ('terms__isnull', True), _connector='OR'), name='tender_supply_before_deadline'), models.CheckConstraint(condition=models.Q(('envelopes__in', ['one', 'two'])), name='tender_envelopes_known')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='bidding.tender')),
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
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('session'), name='opening_once_a_session')],
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='bidding.opening')),
                ('organisation', models.CharField(max_length=18)),
                ('role', models.CharField(choices=[('bidder', 'Bidder'), ('witness', 'Witness'), ('host', 'Host')], max_length=8)),
                ('statement', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('organisation'), models.F('role'), name='acknowledged_once')],
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), name='admitted_once')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='bidding.tender')),
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
                ('notice', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.notice')),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('published_at', None), ('returned_at', None)), fields=('tender',), name='one_change_at_a_time'), models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='change_approved_by_another'), models.CheckConstraint(condition=models.Q(('published_at', None), models.Q(('notice__isnull', False), ('returned_at', None), models.Q(('approved_by', ''), _negated=True)), _connector='OR'), name='change_published_with_notice'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('closes_at__gt', models.F('was')), _connector='OR'), name='change_moves_forward')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('person', models.CharField(max_length=36)),
                ('text', models.TextField()),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='bidding.change')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='bidding.question')),
                ('text', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('change', 'question'), name='answered_once_in_a_change')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='bidding.opening')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('organisation'), name='attendance_once')],
            },
        ),
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='bidding.tender')),
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
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('receipt', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received_at__lt', models.F('closes_at'))), name='bid_before_the_deadline'), models.CheckConstraint(condition=models.Q(('slot__gte', 1)), name='bid_not_in_the_rehearsal_slot'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('organisation'), models.F('version'), name='bid_one_per_version'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('slot'), name='bid_one_per_slot')],
            },
        ),
        migrations.CreateModel(
            name='CauseDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cause_decisions', to='bidding.opening')),
                ('bidder', models.CharField(max_length=18)),
                ('cause', models.CharField(max_length=8)),
                ('how', models.CharField(max_length=12)),
                ('reason', models.TextField()),
                ('person', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CauseStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cause_statements', to='bidding.opening')),
                ('bidder', models.CharField(max_length=18)),
                ('side', models.CharField(max_length=8)),
                ('cause', models.CharField(max_length=8)),
                ('reason', models.TextField()),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='bidding.tender')),
                ('digest', models.CharField(max_length=64)),
                ('nonce', models.BinaryField()),
                ('listing', models.TextField()),
                ('fixed_at', models.DateTimeField()),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeyCommittee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='bidding.tender')),
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
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'part'), name='one_committee_a_part'), models.CheckConstraint(condition=models.Q(('part__in', ('sheet', 'body', 'tech', 'price'))), name='committee_part_known'), models.CheckConstraint(condition=models.Q(('state__in', ['wanted', 'trial', 'ready'])), name='committee_state_known'), models.CheckConstraint(condition=models.Q(('k__gte', 2), ('k__lte', models.F('n'))), name='committee_threshold')],
            },
        ),
        migrations.CreateModel(
            name='CommitteeMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='bidding.keycommittee')),
                ('i', models.PositiveIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('keys', models.TextField()),
                ('statement', models.JSONField()),
                ('posted_at', models.DateTimeField()),
                ('trial', models.JSONField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('committee', 'i'), name='one_member_a_place'), models.UniqueConstraint(fields=('committee', 'organisation'), name='one_place_a_member')],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation', to='market.project')),
                ('step', models.CharField(choices=[('panel', 'panel'), ('review', 'review'), ('scores', 'scores'), ('dispute', 'dispute'), ('price', 'price'), ('signing', 'signing'), ('tie', 'tie'), ('done', 'done'), ('failed', 'failed')], max_length=10)),
                ('step_since', models.DateTimeField()),
                ('qualified_at', models.DateTimeField()),
                ('compliance', models.JSONField(default=dict)),
                ('report', models.TextField(blank=True)),
                ('report_salt', models.CharField(blank=True, max_length=64)),
                ('commitment', models.CharField(blank=True, max_length=64)),
                ('reported_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ['panel', 'review', 'scores', 'dispute', 'price', 'signing', 'tie', 'done', 'failed'])), name='evaluation_step_known')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='declaration', to='experts.seat')),
                ('orgs', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='bidding.tender')),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='bidding.change')),
                ('name', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField(default=1)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(max_length=200, upload_to=bidding.tender.models.document_path)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('change', None)), fields=('tender', 'name'), name='document_named_once'), models.UniqueConstraint(fields=('change', 'name'), name='document_changed_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='document_version_from_one')],
            },
        ),
        migrations.CreateModel(
            name='OpeningUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='bidding.opening')),
                ('bid', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='unit', to='bidding.bid')),
                ('verdict', models.CharField(blank=True, max_length=24)),
                ('findings', models.JSONField(default=list)),
                ('sheet', models.JSONField(null=True)),
                ('consortium', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('damaged_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='FailedAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='bidding.openingunit')),
                ('code', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='FewStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='few', to='bidding.closing')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='HallMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='bidding.opening')),
                ('sender', models.CharField(max_length=18)),
                ('to', models.CharField(max_length=18)),
                ('text', models.CharField(max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('salt', models.BinaryField(default=bytes)),
                ('commitment', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='HallObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='bidding.opening')),
                ('organisation', models.CharField(max_length=18)),
                ('text', models.TextField()),
                ('statement', models.TextField()),
                ('statement_sha256', models.CharField(max_length=64)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('statement_sha256'), name='objection_once')],
            },
        ),
        migrations.CreateModel(
            name='HolderTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='bidding.opening')),
                ('part', models.CharField(max_length=8)),
                ('member', models.PositiveSmallIntegerField()),
                ('organisation', models.CharField(max_length=18)),
                ('releases_sha256', models.CharField(max_length=64)),
                ('salt', models.BinaryField(default=bytes)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('part'), models.F('member'), name='holder_turn_once')],
            },
        ),
        migrations.CreateModel(
            name='HostLease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='host_lease', to='bidding.tender')),
                ('person', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=64)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identity_checks', to='bidding.opening')),
                ('bidder', models.CharField(max_length=18)),
                ('fits', models.BooleanField()),
                ('by_hand', models.BooleanField()),
                ('deposit', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='bidding.tender')),
                ('number', models.CharField(max_length=32)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('cause', models.TextField()),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('number'), name='incident_once')],
            },
        ),
        migrations.CreateModel(
            name='Keeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.CharField(max_length=18)),
                ('duty', models.CharField(max_length=8)),
                ('away', models.BooleanField(default=False)),
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
            name='LateBid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_bids', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('code', models.CharField(max_length=32)),
                ('statements_sha256', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('refusal', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('statements_sha256'), name='late_bid_refused_once')],
            },
        ),
        migrations.CreateModel(
            name='Mute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mutes', to='bidding.opening')),
                ('bidder', models.CharField(max_length=18)),
                ('muted', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='bidding.opening')),
                ('origin', models.CharField(choices=[('printed', 'Printed'), ('scan', 'Scan')], max_length=8)),
                ('title', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=40)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), condition=models.Q(('origin', 'printed')), name='paper_printed_once'), models.UniqueConstraint(models.F('opening'), models.F('sha256'), name='paper_filed_once')],
            },
        ),
        migrations.CreateModel(
            name='PriceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_checks', to='bidding.opening')),
                ('bidder', models.CharField(max_length=18)),
                ('agrees', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('sheet_sha256', models.CharField(max_length=64)),
                ('person', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('opening'), models.F('bidder'), name='price_checked_once')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifications', to='bidding.evaluation')),
                ('org', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('passed', models.BooleanField()),
                ('findings', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('evaluation', 'org'), name='qualified_once')],
            },
        ),
        migrations.CreateModel(
            name='Readiness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.JSONField()),
                ('confirmed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='one_readiness_a_holder')],
            },
        ),
        migrations.CreateModel(
            name='ReadinessAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('span', models.CharField(max_length=4)),
                ('closes_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation', 'span', 'closes_at'), name='alarm_raised_once')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('refunded_on', models.DateField()),
                ('noted_by', models.CharField(max_length=36)),
                ('noted_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='refunded_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='bidding.openingunit')),
                ('role', models.CharField(choices=[('b', 'Bidder'), ('c', 'Holder'), ('rescue', 'Rescue')], max_length=8)),
                ('member', models.PositiveSmallIntegerField(default=0)),
                ('organisation', models.CharField(max_length=18)),
                ('statement', models.TextField()),
                ('good', models.BooleanField()),
                ('note', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('unit'), models.F('role'), models.F('member'), models.F('good'), name='release_one_good_one_wrong')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='experts.seat')),
                ('votes', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
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
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='experts.seat')),
                ('scores', models.JSONField(default=dict)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('locked_at', models.DateTimeField(null=True)),
                ('correcting', models.TextField(blank=True)),
                ('commitment', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='SheetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='bidding.sheet')),
                ('version', models.PositiveSmallIntegerField()),
                ('content', models.TextField()),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('why', models.TextField(blank=True)),
                ('locked_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'version'), name='sheet_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='bidding.evaluation')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='experts.seat')),
                ('dissent', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('committee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allotted', to='bidding.keycommittee')),
                ('number', models.PositiveIntegerField()),
                ('allotted_to', models.CharField(max_length=18)),
                ('allotted_at', models.DateTimeField()),
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
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('entered_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='StoredEnvelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('eid', models.CharField(max_length=32)),
                ('slot', models.PositiveIntegerField()),
                ('stored_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('part'), models.F('sha256'), name='envelope_stored_once')],
            },
        ),
        migrations.CreateModel(
            name='Taking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('person', models.CharField(max_length=36)),
                ('receipt', models.TextField()),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tender', 'organisation'), name='documents_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bidding.tender')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('length', models.PositiveBigIntegerField()),
                ('offset', models.PositiveBigIntegerField(default=0)),
                ('touched_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('tender'), models.F('organisation'), models.F('part'), models.F('sha256'), name='upload_once'), models.CheckConstraint(condition=models.Q(('offset__lte', models.F('length'))), name='upload_within_its_length')],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='bidding.tender')),
                ('bid', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='bidding.bid')),
                ('organisation', models.CharField(max_length=18)),
                ('part', models.CharField(max_length=8)),
                ('version', models.PositiveIntegerField()),
                ('wd', models.TextField()),
                ('wd_sha256', models.CharField(max_length=64, unique=True)),
                ('received_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                ('receipt', models.TextField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('received_at__lt', models.F('closes_at'))), name='withdrawal_before_the_deadline'), models.UniqueConstraint(models.F('tender'), models.F('part'), models.F('organisation'), models.F('version'), name='withdrawal_one_per_version')],
            },
        ),
    ])]
