"""Presence, signatures, turns and announced answers stay as they were: the database itself refuses to change them."""

from importlib import import_module

from django.db import migrations

TABLES = {
    "bidding_answer": ("id", "change_id, question_id"),
    "bidding_fewstatement": ("id", "closing_id"),
    "bidding_holderturn": ("id", "opening_id, part, member"),
    "bidding_attendance": ("id", "opening_id, organisation"),
    "bidding_acknowledgement": ("id", "opening_id, organisation, role"),
}


def forbid(apps, schema_editor):
    import_module("bidding.migrations.0003_opinions_append_only").forbid_in(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("bidding", "0019_refunds_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
