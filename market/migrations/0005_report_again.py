"""A report may follow another: the earlier one stays as it was, and says since when it counts no more."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

STANDING = (
    "held.project_id = NEW.project_id AND held.superseded_at IS NULL AND NEW.superseded_at IS NULL AND held.id <> NEW.id"
)


def forbid(apps, schema_editor):
    """SQLite made the table anew and lost its triggers."""
    before = import_module("market.migrations.0003_what_is_final")
    final, once, done, _ = before.FINAL["market_proposal"]
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TRIGGER market_proposal_superseded BEFORE UPDATE OF superseded_at ON market_proposal FOR EACH ROW"
            " WHEN (OLD.superseded_at IS NOT NULL) EXECUTE FUNCTION market_final()",
            params=None,
        )
        return
    for statement in before.guards(
        "market_proposal", final=final, once=once, done=done, keys=("id",), postgresql=False
    ):
        schema_editor.execute(statement, params=None)
    abort = "BEGIN SELECT RAISE(ABORT, 'final: market_proposal'); END"
    schema_editor.execute(
        "CREATE TRIGGER market_proposal_superseded BEFORE UPDATE OF superseded_at ON market_proposal"
        f" WHEN OLD.superseded_at IS NOT NULL {abort}",
        params=None,
    )
    schema_editor.execute(
        "CREATE TRIGGER market_proposal_no_replacing_1 BEFORE INSERT ON market_proposal"
        f" WHEN EXISTS (SELECT 1 FROM market_proposal AS held WHERE {STANDING}) {abort}",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [("market", "0004_keep_a_directory_of_services")]
    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="market.project"
            ),
        ),
        migrations.AddField(
            model_name="proposal", name="superseded_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)), fields=("project",), name="one_standing_proposal"
            ),
        ),
        migrations.RunPython(forbid, elidable=False),
    ]
