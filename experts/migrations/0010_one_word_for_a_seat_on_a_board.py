"""A seat on a board is an employment, with its days; ties that said so become one."""

from django.db import migrations, models


def employ(apps, schema_editor):
    Tie, Employment, Organisation = (
        apps.get_model("experts", "Tie"), apps.get_model("experts", "Employment"),
        apps.get_model("accounts", "Organisation"),
    )  # fmt: skip
    names = dict(Organisation.objects.values_list("code", "name"))
    for tie in Tie.objects.filter(kind="role"):
        same = Employment.objects.filter(expert=tie.expert, code=tie.organisation)
        if not same.exists():
            until = tie.ended_at.date() if tie.ended_at else None
            Employment.objects.create(
                expert=tie.expert, code=tie.organisation, name=names.get(tie.organisation, tie.organisation),
                post="board", since=tie.declared_at.date(), until=until,
            )  # fmt: skip
        tie.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("experts", "0009_evidence_sealed_and_looks_kept"),
    ]
    operations = [
        migrations.RunPython(employ, elidable=False),
        migrations.RemoveConstraint(model_name="tie", name="tie_kind_known"),
        migrations.AlterField(
            model_name="tie",
            name="kind",
            field=models.CharField(choices=[("relative", "relative"), ("interest", "interest")], max_length=12),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["relative", "interest"])), name="tie_kind_known"
            ),
        ),
    ]
