"""What was looked at, said of an application, trained, decided of an expert or imported stays as it was written.

Experts who were entered before their particulars were sealed get a dossier, an employer of record and a review's day.
"""

from datetime import timedelta
from importlib import import_module

from django.db import migrations

TABLES = {
    "experts_look": ("id",),
    "experts_applicationstep": ("id",),
    "experts_training": ("id",),
    "experts_standingchange": ("id",),
    "experts_catalogueline": ("id", "edition, key"),
}


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)


def seal_names(apps, schema_editor):
    from experts.registry import particulars, sealing

    Expert, Dossier, Employment = (apps.get_model("experts", name) for name in ("Expert", "Dossier", "Employment"))
    for expert in Expert.objects.select_related("user"):
        dossier = Dossier(user=expert.user, changed_at=expert.enrolled_at)
        dossier.sealed = sealing.seal({"name": expert.user.name}, about=str(dossier.public_id))
        dossier.save()
        expert.user.name = particulars.masked("name", expert.user.name)
        expert.user.save(update_fields=["name"])
        expert.review_due_on = expert.enrolled_at.date() + timedelta(days=365)
        expert.save(update_fields=["review_due_on"])
        Employment.objects.create(
            expert=expert, code=expert.employer_code, name=expert.employer_name, post="main",
            since=expert.enrolled_at.date(),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("experts", "0003_keep_a_register_of_experts"),
        ("ledger", "0002_append_only"),
    ]
    operations = [
        migrations.RunPython(seal_names, elidable=False),
        migrations.RunPython(forbid, elidable=False),
    ]
