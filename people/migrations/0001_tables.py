import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from ledger.guards import CreateModels, append_only, guard


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_three_offices'),
        ('ledger', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='OnlyAuthorised',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='accounts.organisation')),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Administrator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='administrators', to='accounts.organisation')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='administrator', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Custodian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('challenge', models.CharField(blank=True, max_length=64)),
                ('asked_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='custodians', to='accounts.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['organisation'], name='custodian_now')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='a_custodian_once')],
            },
        ),
        migrations.CreateModel(
            name='Drill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gen', models.PositiveIntegerField()),
                ('statement', models.JSONField()),
                ('at', models.DateTimeField()),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drills', to='people.custodian')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('custodian', 'gen'), name='a_drill_once_a_generation')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('role', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=64)),
                ('phone', models.CharField(blank=True, max_length=11)),
                ('administers', models.BooleanField(default=False)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('by_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.organisation')),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('revoked_at', None), ('used_at', None)), fields=['organisation'], name='invitation_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['auditor', 'contributor', 'holder', 'officer', 'operator', 'provider', 'security', 'supervisor', 'witness'])), name='invitation_role_known'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_ends_in_one_way')],
            },
        ),
        migrations.CreateModel(
            name='Power',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_number', models.CharField(blank=True, max_length=32)),
                ('given_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='powers', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'project_number'), name='a_power_once_a_project')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('invited', 'invited'), ('revoked', 'revoked'), ('joined', 'joined'), ('role', 'role'), ('appointed', 'appointed'), ('dismissed', 'dismissed'), ('blocked', 'blocked'), ('unblocked', 'unblocked'), ('given', 'given'), ('withdrawn', 'withdrawn'), ('only-authorised', 'only-authorised'), ('everybody', 'everybody'), ('custodian', 'custodian'), ('no-custodian', 'no-custodian'), ('drilled', 'drilled'), ('handed-over', 'handed-over'), ('left', 'left'), ('agreed', 'agreed')], max_length=20)),
                ('told', models.CharField(blank=True, max_length=200)),
                ('person', models.CharField(blank=True, max_length=36)),
                ('by_name', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'at'], name='step_of_a_house')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.CharField(max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('promise', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='accounts.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'edition'), name='an_edition_agreed_once')],
            },
        ),
        migrations.CreateModel(
            name='Applicant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('entered', 'entered'), ('refused', 'refused'), ('known', 'known'), ('asked', 'asked'), ('objected', 'objected'), ('upheld', 'upheld'), ('dismissed', 'dismissed')], max_length=10)),
                ('code', models.CharField(max_length=18)),
                ('firm', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=30)),
                ('phone', models.CharField(max_length=11)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('promise', models.CharField(max_length=64)),
                ('text', models.TextField(blank=True)),
                ('finding', models.TextField(blank=True)),
                ('came_at', models.DateTimeField()),
                ('found_at', models.DateTimeField(null=True)),
                ('found_by', models.CharField(blank=True, max_length=36)),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'came_at'], name='applicant_waits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'entered', 'refused', 'known', 'asked', 'objected', 'upheld', 'dismissed'])), name='applicant_state_known')],
            },
        ),
        ]),
        guard(
            append_only(
                {
                    "people_step": ("id",),
                    "people_agreement": ("id", "user_id, edition"),
                    "people_drill": ("id", "custodian_id, gen"),
                }
            ),
        ),
    ]
