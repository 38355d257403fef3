import accounts.rules
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from ledger.guards import CreateModels


# Databases made step by step have all of it already.
BEFORE = """
    0001_initial
    0002_what_a_tick_could_not_do
    0003_a_supermarket_of_services
    0004_who_signs_up_confirms_a_telephone
"""


class Migration(migrations.Migration):

    replaces = [("accounts", name) for name in BEFORE.split()]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('username', models.CharField(max_length=64, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=64, verbose_name='姓名')),
                ('role', models.CharField(max_length=12)),
                ('is_active', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['officer', 'provider', 'expert', 'supervisor', 'witness', 'holder', 'contributor', 'operator', 'auditor'])), name='user_role_known')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'at'], name='attempt_source')],
            },
        ),
        migrations.CreateModel(
            name='CodeSent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.CharField(max_length=11)),
                ('source', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['phone', 'at'], name='code_sent_phone')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('code', models.CharField(max_length=18, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[(accounts.rules.Kind['BUYER'], '采购人'), (accounts.rules.Kind['AGENT'], '采购代理机构'), (accounts.rules.Kind['ENTERPRISE'], '企业业主'), (accounts.rules.Kind['CITIZEN'], '自然人业主'), (accounts.rules.Kind['PROVIDER'], '供应商'), (accounts.rules.Kind['CENTRE'], '交易中心'), (accounts.rules.Kind['REGULATOR'], '监督管理部门'), (accounts.rules.Kind['NOTARY'], '公证机构'), (accounts.rules.Kind['PLATFORM'], '平台运营机构')], max_length=10)),
                ('is_small', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['buyer', 'agent', 'enterprise', 'citizen', 'provider', 'centre', 'regulator', 'notary', 'platform'])), name='organisation_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_role', models.CharField(blank=True, max_length=12)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('link', models.CharField(blank=True, max_length=300)),
                ('posted_at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(null=True)),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('delivered_at__isnull', True)), fields=['id'], name='message_undelivered')],
            },
        ),
        migrations.CreateModel(
            name='IdentityKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gen', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=43)),
                ('statement', models.JSONField()),
                ('registered_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'gen'), name='one_key_a_generation'), models.UniqueConstraint(fields=('key',), name='one_organisation_a_key')],
            },
        ),
        migrations.CreateModel(
            name='SignUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('phone', models.CharField(max_length=11)),
                ('facts', models.JSONField(default=dict)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('promise', models.CharField(blank=True, max_length=64)),
                ('source', models.CharField(max_length=64)),
                ('begun_at', models.DateTimeField()),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_up', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['phone', 'begun_at'], name='sign_up_phone')],
            },
        ),
        migrations.CreateModel(
            name='Trouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tick', models.CharField(max_length=80)),
                ('what', models.CharField(blank=True, max_length=80)),
                ('fault', models.CharField(max_length=200)),
                ('times', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tick', 'what'), name='a_trouble_once_a_row')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='accounts.message')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='delivery_unread')],
                'constraints': [models.UniqueConstraint(fields=('message', 'user'), name='a_message_once_a_person')],
            },
        ),
        ]),
    ]
