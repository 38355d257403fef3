import django.db.models.deletion
import uuid
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, by_engine, final, guard, refuse


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_decisions_that_limit_a_trade
    0003_cases_of_the_platform
    0004_what_a_case_says
    0005_what_is_decided_is_final
    0006_decisions_by_two
    0007_what_was_done_well
    0008_cases_of_a_purchase
    0009_decisions_on_paper
    0010_papers_of_what_was_served
    0011_lists_of_others
"""
# What is never changed; the keys tell which rows INSERT OR REPLACE would overwrite.
FINAL = {
    "blacklist_step": ("id", "case_id, seq"),
    "blacklist_sanction": ("id", "public_id"),
    "blacklist_sanctionkey": ("id",),
    "blacklist_sanctionfact": ("id",),
    "blacklist_merit": ("id", "code, kind, evidence"),
    "blacklist_listentry": ("id",),
    "blacklist_inquiry": ("id", "public_id", "about, gate, code"),
}
CASE = (
    "id, public_id, body, subject, name, party_org, party_person, ground, edition, source, project, occurred_on,"
    " reported_by, reported_at"
)
RESTRICTION = (
    "id, public_id, case_id, round, decision_no, body, subject, name, ground, kind, points, decided_at, starts_at,"
    " ends_at"
)
# Nothing binds that two persons did not sign, neither of whom reported the case, after the time a notice left had run
# out. A stay, a resumption and an early end are each written once: the stay when the party appealed, the others when
# two persons signed a later round.
SIGNED_BY_REPORTER = """
    NEW.act IN ('proposed', 'agreed')
    AND EXISTS (SELECT 1 FROM blacklist_case WHERE id = NEW.case_id AND reported_by = NEW.person)
"""
TWO = """
    (SELECT COUNT(DISTINCT step.person) FROM blacklist_step AS step
        WHERE step.case_id = NEW.case_id AND step.round {round} AND step.act IN ('proposed', 'agreed')) < 2
    OR NOT EXISTS (SELECT 1 FROM blacklist_step AS step
        WHERE step.case_id = NEW.case_id AND step.round {round} AND step.act = 'agreed')
"""
UNSIGNED = f"""
    {TWO.format(round="= NEW.round")}
    OR NOT EXISTS (
        SELECT 1 FROM blacklist_step AS told, blacklist_step AS signed
        WHERE told.case_id = NEW.case_id AND told.act = 'noticed' AND {{days}} >= 5
            AND signed.case_id = NEW.case_id AND signed.round = NEW.round AND signed.act = 'proposed'
            AND told.until <= signed.at
    )
"""
DAYS_ON_SQLITE = "julianday(told.until) - julianday(told.at)"
DAYS_ON_POSTGRESQL = "EXTRACT(EPOCH FROM told.until - told.at) / 86400"
UNHEARD = "NOT EXISTS (SELECT 1 FROM blacklist_step WHERE case_id = NEW.case_id AND act = 'appealed')"
LATER = TWO.format(round="> NEW.round")
ONCE = {"stayed_at": UNHEARD, "resumed_at": LATER, "ended_at": LATER}


def signed(postgresql):
    """A restriction is written only for a round that two signed after a notice and its time."""
    unsigned = UNSIGNED.format(days=DAYS_ON_POSTGRESQL if postgresql else DAYS_ON_SQLITE)
    told = "signed: two persons after a notice and its time"
    yield from refuse("blacklist_restriction_signed", "blacklist_restriction", "INSERT", unsigned, told)(postgresql)


class Migration(migrations.Migration):

    replaces = [("blacklist", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
        ('documents', '0001_tables'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body', models.CharField(max_length=12)),
                ('subject', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('party_org', models.CharField(blank=True, max_length=18)),
                ('party_person', models.CharField(blank=True, max_length=36)),
                ('ground', models.CharField(max_length=30)),
                ('edition', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=12)),
                ('project', models.CharField(blank=True, max_length=60)),
                ('occurred_on', models.DateField()),
                ('reported_by', models.CharField(blank=True, max_length=36)),
                ('reported_at', models.DateTimeField()),
                ('state', models.CharField(max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'id'], name='cases_by_state'), models.Index(fields=['party_org', 'id'], name='cases_of_an_organisation'), models.Index(fields=['party_person', 'id'], name='cases_of_a_person'), models.Index(fields=['reported_by', 'id'], name='cases_by_reporter'), models.Index(fields=['project', 'id'], name='cases_of_a_purchase')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['reported', 'examining', 'noticed', 'hearing', 'proposed', 'decided', 'served', 'appealed', 'ruling', 'closed', 'dismissed', 'referred'])), name='case_state_known'), models.CheckConstraint(condition=models.Q(('body__in', ['organisation', 'person'])), name='case_body_known'), models.CheckConstraint(condition=models.Q(('ground__in', ['false-materials', 'lending', 'staff-mismatch', 'expired-certificate', 'giving-up', 'not-signing', 'price-raise', 'late', 'poor-result', 'subcontracting', 'expert-absent', 'collusion', 'interference', 'complaint-abuse', 'expert-partial', 'leak'])), name='case_ground_known'), models.CheckConstraint(condition=models.Q(('source__in', ['buyer', 'supervision', 'complaint', 'system'])), name='case_source_known'), models.CheckConstraint(condition=models.Q(models.Q(('party_org', ''), _negated=True), models.Q(('party_person', ''), _negated=True), _connector='OR'), name='case_somebody_answers')],
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(max_length=64)),
                ('gate', models.CharField(max_length=8)),
                ('code', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('answers', models.JSONField()),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('gate__in', ['review'])), name='inquiry_gate_known'), models.UniqueConstraint(fields=('about', 'gate', 'code'), name='one_inquiry_a_gate')],
            },
        ),
        migrations.CreateModel(
            name='ListIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('list', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=200)),
                ('as_of', models.DateField()),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('table', models.JSONField()),
                ('count', models.PositiveIntegerField()),
                ('staged_by', models.CharField(max_length=36)),
                ('staged_by_name', models.CharField(max_length=64)),
                ('staged_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, max_length=36)),
                ('confirmed_by_name', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['list', 'as_of'], name='list_issues')],
                'constraints': [models.CheckConstraint(condition=models.Q(('list__in', ['enforcement', 'tax', 'procurement', 'wages'])), name='list_known'), models.CheckConstraint(condition=models.Q(('staged_by', models.F('confirmed_by')), _negated=True), name='list_by_two')],
            },
        ),
        migrations.CreateModel(
            name='Merit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=18)),
                ('kind', models.CharField(max_length=12)),
                ('evidence', models.CharField(max_length=32)),
                ('title', models.CharField(max_length=200)),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'on'], name='merits_of')],
                'constraints': [models.UniqueConstraint(fields=('code', 'kind', 'evidence'), name='a_merit_once_a_purchase'), models.CheckConstraint(condition=models.Q(('kind__in', ['performed', 'praised'])), name='merit_adds_points'), models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='merit_has_evidence')],
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(blank=True, max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('authority', models.CharField(max_length=100)),
                ('decision_no', models.CharField(max_length=60)),
                ('basis', models.CharField(max_length=10)),
                ('grounds', models.CharField(max_length=500)),
                ('regimes', models.CharField(max_length=4)),
                ('region', models.CharField(blank=True, max_length=6)),
                ('gravity', models.CharField(default='serious', max_length=8)),
                ('decided_on', models.DateField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('publish_until', models.DateField()),
                ('recorded_by', models.CharField(default='', max_length=36)),
                ('confirmed_by', models.CharField(default='-', max_length=36)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code', 'authority', 'decision_no'), name='one_decision_once_a_body'), models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='sanction_term_runs_forward'), models.CheckConstraint(condition=models.Q(('basis__in', ['gp-77', 'gp-78', 'gpr-72', 'zb-50', 'zb-53', 'zb-54', 'zb-60', 'zb-56', 'zbr-71', 'gpr-75', 'apl-9'])), name='sanction_basis_known'), models.CheckConstraint(condition=models.Q(('recorded_by', models.F('confirmed_by')), _negated=True), name='sanction_by_two')],
            },
        ),
        migrations.CreateModel(
            name='SanctionDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('told', models.JSONField()),
                ('recorded_by', models.CharField(max_length=36)),
                ('recorded_by_name', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('sanction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blacklist.sanction')),
            ],
        ),
        migrations.CreateModel(
            name='DecisionPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision_paper', to='blacklist.case')),
                ('paper', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issued')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('paper', None)), fields=['case'], name='decisions_to_issue')],
            },
        ),
        migrations.CreateModel(
            name='ListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('document_no', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('listed_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='blacklist.listissue')),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'issue'], name='listed_by_code')],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('round', models.PositiveIntegerField()),
                ('decision_no', models.CharField(max_length=40)),
                ('body', models.CharField(max_length=12)),
                ('subject', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('ground', models.CharField(max_length=30)),
                ('kind', models.CharField(max_length=12)),
                ('points', models.PositiveIntegerField(default=0)),
                ('decided_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('stayed_at', models.DateTimeField(null=True)),
                ('resumed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.CharField(blank=True, max_length=12)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='blacklist.case')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'ends_at'], name='restriction_gate'), models.Index(fields=['ends_at', 'id'], name='restriction_list')],
                'constraints': [models.UniqueConstraint(fields=('case', 'round', 'kind'), name='a_kind_once_a_decision'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='restriction_ends'), models.CheckConstraint(condition=models.Q(('decided_at__lt', models.F('starts_at'))), name='restriction_not_backdated'), models.CheckConstraint(condition=models.Q(('kind__in', ['points', 'suspension', 'removal'])), name='restriction_kind_known'), models.CheckConstraint(condition=models.Q(('ground__in', ['false-materials', 'lending', 'staff-mismatch', 'expired-certificate', 'giving-up', 'not-signing', 'price-raise', 'late', 'poor-result', 'subcontracting', 'expert-absent', 'collusion', 'interference', 'complaint-abuse', 'expert-partial', 'leak'])), name='restriction_ground_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'points'), ('points__gt', 0)), models.Q(models.Q(('kind', 'points'), _negated=True), ('points', 0)), _connector='OR'), name='points_are_a_kind'), models.CheckConstraint(condition=models.Q(('resumed_at__isnull', True), ('resumed_at__gte', models.F('stayed_at')), _connector='OR'), name='resumed_after_a_stay'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_because', ''), _negated=True), _connector='OR'), name='restriction_ends_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='SanctionFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('authority', models.CharField(max_length=100)),
                ('document_no', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=500)),
                ('recorded_by', models.CharField(max_length=36)),
                ('confirmed_by', models.CharField(max_length=36)),
                ('at', models.DateTimeField()),
                ('sanction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='blacklist.sanction')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['stayed', 'resumed', 'annulled', 'repaired'])), name='sanction_fact_known'), models.CheckConstraint(condition=models.Q(('recorded_by', models.F('confirmed_by')), _negated=True), name='sanction_fact_by_two')],
            },
        ),
        migrations.CreateModel(
            name='SanctionKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('ends_on', models.DateField()),
                ('sanction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='blacklist.sanction')),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'ends_on', 'sanction'], name='sanction_gate')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=16)),
                ('round', models.PositiveIntegerField(default=0)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('name', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('evidence', models.JSONField(default=list)),
                ('outcome', models.CharField(blank=True, max_length=12)),
                ('terms', models.JSONField(default=dict)),
                ('about', models.CharField(blank=True, max_length=36)),
                ('nonce', models.CharField(default='', max_length=32)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='blacklist.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='steps_in_order'), models.UniqueConstraint(condition=models.Q(('act__in', ['proposed', 'agreed', 'returned'])), fields=('case', 'round', 'person'), name='one_signature_a_person_a_round'), models.CheckConstraint(condition=models.Q(('act__in', ['reported', 'taken-up', 'dismissed', 'referred', 'noticed', 'stated', 'hearing-asked', 'hearing-set', 'heard', 'proposed', 'agreed', 'returned', 'served', 'appealed', 'repair-asked'])), name='step_act_known'), models.CheckConstraint(condition=models.Q(models.Q(('act__in', ['proposed', 'agreed', 'returned']), _negated=True), models.Q(('round__gt', 0), models.Q(('person', ''), _negated=True)), _connector='OR'), name='step_signed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'noticed'), _negated=True), ('until__gt', models.F('at')), _connector='OR'), name='notice_leaves_time')],
            },
        ),
        ]),
        guard(
            append_only(FINAL),
            # people have no code: several may stand in one document
            by_engine(
                sqlite=(
                    "CREATE TRIGGER blacklist_sanction_no_replace_code BEFORE INSERT ON blacklist_sanction"
                    " WHEN NEW.code <> '' AND EXISTS (SELECT 1 FROM blacklist_sanction WHERE code = NEW.code"
                    " AND authority = NEW.authority AND decision_no = NEW.decision_no)"
                    " BEGIN SELECT RAISE(ABORT, 'append-only: REPLACE on blacklist_sanction'); END",
                ),
            ),
            final("blacklist_case", CASE, keys=("id", "public_id")),
            final("blacklist_restriction", RESTRICTION, keys=("id", "public_id")),
            final(
                "blacklist_decisionpaper", "id, case_id", once="paper_id", done="OLD.paper_id IS NOT NULL",
                keys=("id", "case_id", "paper_id"),
            ),
            refuse(
                "blacklist_step_signer", "blacklist_step", "INSERT", SIGNED_BY_REPORTER,
                "signed: not by who reported it",
            ),
            signed,
            *(
                guarded
                for column, missing in ONCE.items()
                for guarded in (
                    refuse(
                        f"blacklist_restriction_{column}_once", "blacklist_restriction", f"UPDATE OF {column}",
                        f"OLD.{column} IS NOT NULL", "final: once",
                    ),
                    refuse(
                        f"blacklist_restriction_{column}_signed", "blacklist_restriction", f"UPDATE OF {column}",
                        missing, "signed: a later round",
                    ),
                )
            ),
        ),
    ]
