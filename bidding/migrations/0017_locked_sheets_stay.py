"""A locked sheet stays as it was locked, and stays; whoever takes it up again, with a reason, unlocks it first."""

from importlib import import_module

from django.db import migrations


def forbid(apps, schema_editor):
    market = import_module("market.migrations.0003_what_is_final")
    for statement in market.guards(
        "bidding_sheet", final="id, evaluation_id, seat_id, scores, version, commitment",
        since="OLD.locked_at IS NOT NULL", once="", done="", keys=("id", "seat_id"),
        postgresql=schema_editor.connection.vendor == "postgresql",
    ):  # fmt: skip
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0016_free_guarantees_of_those_who_leave"),
        ("market", "0003_what_is_final"),
    ]
    operations = [migrations.RunPython(forbid, elidable=False)]
