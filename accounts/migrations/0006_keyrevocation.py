import django.db.models.deletion
from django.db import migrations, models

from ledger.guards import append_only, guard


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_regions'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyRevocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gen', models.PositiveIntegerField()),
                ('statement', models.JSONField()),
                ('revoked_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revocations', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'gen'), name='a_generation_is_revoked_once')],
            },
        ),
        guard(append_only({'accounts_keyrevocation': ('id', 'organisation_id, gen')})),
    ]
