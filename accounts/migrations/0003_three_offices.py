"""Whoever runs, secures or audits the platform is one known person; who held an office before is himself."""

from django.db import migrations, models


def one_each(apps, schema_editor):
    for user in apps.get_model("accounts", "User").objects.filter(role__in=["operator", "auditor"]):
        user.person_tag = f"unnamed-{user.pk}"
        user.save(update_fields=["person_tag"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_reaching_people'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='user_role_known',
        ),
        migrations.AddField(
            model_name='user',
            name='person_tag',
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
        migrations.RunPython(one_each, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['officer', 'provider', 'expert', 'supervisor', 'witness', 'holder', 'contributor', 'operator', 'security', 'auditor'])), name='user_role_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['auditor', 'operator', 'security']), _negated=True), ('person_tag__isnull', False), _connector='OR'), name='a_steward_is_a_known_person'),
        ),
    ]
