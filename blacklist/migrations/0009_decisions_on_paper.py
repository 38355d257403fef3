"""A served decision is issued as a paper once, and as no other."""

import django.db.models.deletion
from django.db import migrations, models

TABLE = "blacklist_decisionpaper"
SAID = f"final: {TABLE}"


def forbid(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in for_postgresql() if postgresql else for_sqlite():
        schema_editor.execute(statement, params=None)


def for_sqlite():
    abort = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    yield f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE OF id, case_id ON {TABLE} {abort}"
    yield f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} {abort}"
    yield f"CREATE TRIGGER {TABLE}_once BEFORE UPDATE OF paper_id ON {TABLE} WHEN OLD.paper_id IS NOT NULL {abort}"
    for key in ("id", "case_id", "paper_id"):  # INSERT OR REPLACE deletes without asking
        yield (
            f"CREATE TRIGGER {TABLE}_no_replace_{key} BEFORE INSERT ON {TABLE}"
            f" WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {key} = NEW.{key}) {abort}"
        )


def for_postgresql():
    yield f"""
        CREATE OR REPLACE FUNCTION {TABLE}_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
    """
    each = f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_final()"
    yield f"CREATE TRIGGER {TABLE}_final BEFORE UPDATE OF id, case_id ON {TABLE} {each}"
    yield f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} {each}"
    yield (
        f"CREATE TRIGGER {TABLE}_once BEFORE UPDATE OF paper_id ON {TABLE} FOR EACH ROW"
        f" WHEN (OLD.paper_id IS NOT NULL) EXECUTE FUNCTION {TABLE}_final()"
    )
    yield (
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("blacklist", "0008_cases_of_a_purchase"),
        ("documents", "0002_issued_papers"),
        ("ledger", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="decision_paper", to="blacklist.case")),
                ("paper", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.issued")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("paper", None)), fields=["case"], name="decisions_to_issue")],
            },
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
