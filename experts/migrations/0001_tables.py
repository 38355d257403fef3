import django.db.models.deletion
import experts.panels.rules
import uuid
from django.conf import settings
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_panel_by_rule
    0003_keep_a_register_of_experts
    0004_what_is_final_in_the_register
    0005_call_by_several_ways
    0006_a_panel_drawn_elsewhere
    0007_first_accounts_by_slips
    0008_imports_before_a_second_keeper
    0009_evidence_sealed_and_looks_kept
    0010_one_word_for_a_seat_on_a_board
    0011_organisations_that_belong_together
    0012_certificates_of_experts
    0013_what_panels_somebody_let_down
    0014_keep_persons_with_the_notifier
    0015_draw_before_the_opening
    0016_draw_from_one_region_first
    0017_experts_the_buyer_picks
    0018_another_slip_for_a_lost_password
    0019_lapses_of_panels
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "experts_leftout": ("id", "draw_id"),
    "experts_look": ("id",),
    "experts_applicationstep": ("id",),
    "experts_training": ("id",),
    "experts_standingchange": ("id",),
    "experts_catalogueline": ("id", "edition, key"),
    "experts_evidencelook": ("id",),
    "experts_lapse": ("id", "public_id", "expert_id, project, fault"),
    "experts_lapseword": ("id",),
    "experts_struck": ("id", "draw_id"),
}


class Migration(migrations.Migration):

    replaces = [("experts", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=12)),
                ('field_since', models.PositiveSmallIntegerField()),
                ('keys', models.JSONField()),
                ('employer_code', models.CharField(max_length=18)),
                ('employer_name', models.CharField(max_length=120)),
                ('employer_since', models.DateField()),
                ('region', models.CharField(max_length=60)),
                ('edition', models.CharField(max_length=40)),
                ('submitted_at', models.DateTimeField()),
                ('checked_by', models.CharField(blank=True, max_length=64)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='experts.dossier')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'submitted_at'], name='applications_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'checked', 'returned', 'accepted', 'refused', 'withdrawn'])), name='application_state_known'), models.CheckConstraint(condition=models.Q(('title__in', ['senior', 'middle', 'like-senior', 'like-middle', 'none'])), name='application_title_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'checked', 'returned'])), fields=('dossier',), name='one_application_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='ExternalDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=120)),
                ('reference', models.CharField(max_length=120)),
                ('evidence', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('imported_by', models.CharField(max_length=36)),
                ('imported_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, max_length=36)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('panel', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='external', to='experts.panel')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', models.F('imported_by')), _negated=True), name='external_draw_two_persons')],
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('bond', models.CharField(max_length=10)),
                ('one', models.CharField(db_index=True, max_length=18)),
                ('one_name', models.CharField(max_length=120)),
                ('other', models.CharField(db_index=True, max_length=18)),
                ('other_name', models.CharField(max_length=120)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('basis', models.CharField(max_length=200)),
                ('declared_by', models.CharField(max_length=64)),
                ('declared_name', models.CharField(max_length=64)),
                ('declared_for', models.CharField(blank=True, max_length=18)),
                ('declared_at', models.DateTimeField()),
                ('agreed_by', models.CharField(blank=True, max_length=64)),
                ('agreed_name', models.CharField(blank=True, max_length=64)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('denied_name', models.CharField(blank=True, max_length=64)),
                ('denied_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('bond__in', ['holding', 'managing', 'one-head'])), name='bond_known'), models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='bond_of_two'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='bond_forward'), models.CheckConstraint(condition=models.Q(('agreed_by', models.F('declared_by')), _negated=True), name='bond_two_persons'), models.CheckConstraint(condition=models.Q(('agreed_at__isnull', True), ('denied_at__isnull', True), _connector='OR'), name='bond_decided_once'), models.UniqueConstraint(condition=models.Q(('denied_at__isnull', True), ('until__isnull', True)), fields=('bond', 'one', 'other'), name='bond_declared_once')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='experts.application')),
            ],
        ),
        migrations.CreateModel(
            name='CatalogueLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('parent', models.CharField(blank=True, max_length=20)),
                ('imported_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'key'), name='specialty_once_an_edition')],
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sealed', models.TextField()),
                ('id_tag', models.CharField(blank=True, max_length=64)),
                ('changed_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dossier', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('id_tag', ''), _negated=True), fields=('id_tag',), name='dossier_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('proof', models.CharField(max_length=12)),
                ('sealed', models.TextField(blank=True)),
                ('file', models.BinaryField()),
                ('suffix', models.CharField(max_length=4)),
                ('size', models.PositiveIntegerField()),
                ('valid_until', models.DateField(null=True)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='experts.dossier')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('reminded_at__isnull', True), ('removed_at__isnull', True)), fields=['valid_until'], name='certificate_ending')],
                'constraints': [models.CheckConstraint(condition=models.Q(('proof__in', ['title', 'licence', 'like', 'employment', 'other'])), name='certificate_proof_known'), models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), ('sealed', ''), _connector='OR'), name='certificate_emptied')],
            },
        ),
        migrations.CreateModel(
            name='Expert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('state', models.CharField(default='enrolled', max_length=10)),
                ('employer_code', models.CharField(db_index=True, max_length=18)),
                ('employer_name', models.CharField(max_length=120)),
                ('region', models.CharField(max_length=60)),
                ('review_due_on', models.DateField(null=True)),
                ('on_leave_from', models.DateField(blank=True, null=True)),
                ('on_leave_until', models.DateField(blank=True, null=True)),
                ('barred_until', models.DateField(blank=True, null=True)),
                ('barred_by', models.CharField(blank=True, max_length=120)),
                ('enrolled_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='expert', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('barred_until__isnull', True), models.Q(('barred_by', ''), _negated=True), _connector='OR'), name='expert_bar_decided'), models.CheckConstraint(condition=models.Q(('state__in', ['enrolled', 'suspended', 'left'])), name='expert_standing_known')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=18)),
                ('name', models.CharField(max_length=120)),
                ('post', models.CharField(max_length=10)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='experts.expert')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('post__in', ['main', 'part-time', 'board', 'owner'])), name='employment_post_known'), models.UniqueConstraint(condition=models.Q(('post', 'main'), ('until__isnull', True)), fields=('expert',), name='one_employer_at_a_time'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='employment_forward')],
            },
        ),
        migrations.CreateModel(
            name='AccessSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('issued_by', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('again', models.BooleanField(default=False)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='experts.expert')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True), ('used_at__isnull', True)), fields=('expert',), name='one_slip_stands')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('purpose', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='experts.externaldraw')),
            ],
        ),
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('fault', models.CharField(max_length=10)),
                ('project', models.CharField(max_length=60)),
                ('on', models.DateField()),
                ('note', models.CharField(max_length=500)),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lapses', to='experts.expert')),
                ('panel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lapses', to='experts.panel')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('fault__in', ['cancelled', 'absent', 'left'])), name='lapse_fault_known'), models.UniqueConstraint(fields=('expert', 'project', 'fault'), name='lapse_once')],
            },
        ),
        migrations.CreateModel(
            name='LapseWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.CharField(max_length=10)),
                ('text', models.CharField(max_length=500)),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('lapse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='experts.lapse')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('said', 'answered')), fields=('lapse',), name='lapse_answer_once'), models.UniqueConstraint(condition=models.Q(('said__in', ['excused', 'upheld'])), fields=('lapse',), name='lapse_decided_once')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('by_role', models.CharField(max_length=12)),
                ('purpose', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='experts.dossier')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='looks_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_number', models.CharField(max_length=60, unique=True)),
                ('stream', models.CharField(max_length=80)),
                ('size', models.PositiveSmallIntegerField()),
                ('strata', models.JSONField()),
                ('owners', models.PositiveSmallIntegerField(default=0)),
                ('max_per_org', models.PositiveSmallIntegerField()),
                ('venue', models.CharField(blank=True, max_length=100)),
                ('starts_at', models.DateTimeField(null=True)),
                ('answer_seconds', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('drawing', 'drawing'), ('fixed', 'fixed'), ('calling', 'calling'), ('short', 'short'), ('seated', 'seated')], max_length=10)),
                ('draw_id', models.CharField(max_length=120)),
                ('region', models.CharField(blank=True, max_length=60)),
                ('early', models.BooleanField(default=False)),
                ('called_at', models.DateTimeField()),
                ('seated_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['drawing', 'fixed', 'calling', 'short', 'seated'])), name='panel_state_known')],
            },
        ),
        migrations.CreateModel(
            name='LeftOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draw_id', models.CharField(max_length=120, unique=True)),
                ('rows', models.JSONField()),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='experts.panel')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('draw_id', models.CharField(blank=True, max_length=120)),
                ('stratum', models.CharField(max_length=20)),
                ('order', models.PositiveSmallIntegerField()),
                ('cid', models.CharField(max_length=64)),
                ('salt', models.CharField(blank=True, max_length=64)),
                ('selected', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('standby', 'standby'), ('invited', 'invited'), ('accepted', 'accepted'), ('declined', 'declined'), ('seated', 'seated'), ('recused', 'recused'), ('struck', 'struck')], max_length=10)),
                ('seat_no', models.PositiveSmallIntegerField(null=True)),
                ('invited_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True)),
                ('expert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='experts.expert')),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='experts.panel')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('panel', 'expert'), name='expert_drawn_once_for_a_panel'), models.UniqueConstraint(fields=('panel', 'cid'), name='cid_once_in_a_panel'), models.UniqueConstraint(fields=('panel', 'order'), name='seat_order_once'), models.UniqueConstraint(condition=models.Q(('state', experts.panels.rules.SeatState['SEATED'])), fields=('panel', 'seat_no'), name='seat_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['standby', 'invited', 'accepted', 'declined', 'seated', 'recused', 'struck'])), name='seat_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', experts.panels.rules.SeatState['SEATED']), _negated=True), ('seat_no__isnull', False), _connector='OR'), name='seated_has_number')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('inbox', 'inbox'), ('sms', 'sms'), ('voice', 'voice')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('delivered', 'delivered'), ('failed', 'failed'), ('dropped', 'dropped')], max_length=10)),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('fault', models.CharField(blank=True, max_length=100)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='experts.seat')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='call_due')],
                'constraints': [models.UniqueConstraint(fields=('seat', 'channel'), name='called_once_on_each_way'), models.CheckConstraint(condition=models.Q(('channel__in', ['inbox', 'sms', 'voice'])), name='call_way_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'delivered', 'failed', 'dropped'])), name='call_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Selection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_number', models.CharField(db_index=True, max_length=60)),
                ('stream', models.CharField(max_length=80)),
                ('ground', models.CharField(choices=[('short', 'short'), ('special', 'special')], max_length=10)),
                ('reason', models.TextField()),
                ('law', models.CharField(max_length=80)),
                ('strata', models.JSONField()),
                ('members', models.BinaryField()),
                ('evidence', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('proposed_by', models.CharField(max_length=36)),
                ('proposed_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('why', models.TextField(blank=True)),
                ('decided_by', models.CharField(blank=True, max_length=36)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('project_number',), name='one_selection_waits'), models.CheckConstraint(condition=models.Q(('decided_by', models.F('proposed_by')), _negated=True), name='selection_two_persons'), models.CheckConstraint(condition=models.Q(('ground__in', ['short', 'special'])), name='selection_ground_known')],
            },
        ),
        migrations.CreateModel(
            name='SlipAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('asked_by', models.CharField(max_length=64)),
                ('asked_name', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('agreed', models.BooleanField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField(null=True)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips_asked', to='experts.expert')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('expert',), name='one_slip_asked_at_a_time'), models.CheckConstraint(condition=models.Q(('decided_by', models.F('asked_by')), _negated=True), name='slip_asked_two_persons')],
            },
        ),
        migrations.CreateModel(
            name='Specialty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=20)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='specialties', to='experts.expert')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('expert', 'key'), name='specialty_once')],
            },
        ),
        migrations.CreateModel(
            name='StagedImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('sealed', models.TextField(blank=True)),
                ('rows', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('staged_by', models.CharField(max_length=64)),
                ('staged_name', models.CharField(max_length=64)),
                ('staged_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=64)),
                ('decided_name', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'entered', 'dropped'])), name='import_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'entered'), _negated=True), models.Q(('decided_by', models.F('staged_by')), _negated=True), _connector='OR'), name='import_two_persons'), models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('sealed', ''), _connector='OR'), name='import_emptied')],
            },
        ),
        migrations.CreateModel(
            name='StandingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=14)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by_person', models.CharField(max_length=64)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='experts.expert')),
            ],
        ),
        migrations.CreateModel(
            name='Struck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draw_id', models.CharField(max_length=120, unique=True)),
                ('rows', models.JSONField()),
                ('salt', models.CharField(max_length=64)),
                ('commitment', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='struck', to='experts.panel')),
            ],
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=18)),
                ('kind', models.CharField(choices=[('relative', 'relative'), ('interest', 'interest')], max_length=12)),
                ('declared_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='experts.expert')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('expert', 'organisation'), name='tie_declared_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['relative', 'interest'])), name='tie_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=120)),
                ('hours', models.PositiveSmallIntegerField()),
                ('on', models.DateField()),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='experts.expert')),
            ],
        ),
        ]),
        guard(
            append_only(FINAL),
        ),
    ]
