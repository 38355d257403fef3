"""For migrations of a house that goes on working: what PostgreSQL does without keeping everybody else waiting.

    class Migration(migrations.Migration):
        atomic = False
        operations = [AddIndex("bid", models.Index(fields=["sealed_at"], name="bids_by_arrival"))]

`tests/architecture/test_migrations.py` refuses what takes long locks; docs/operations.md says how to go about it.
"""

from typing import Any

from django.db import migrations, router


class AddIndex(migrations.AddIndex):
    """An index made beside the writers of its table. What an attempt that failed has left is made anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if router.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.add_index(model, self.index, concurrently=True)


class AddCheck(migrations.AddConstraint):
    """A check that holds for new rows from the first instant, and for the old ones once they were looked through.

    NOT VALID takes its lock for a moment; the looking through lets others read and write.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if router.allow_migrate_model(schema_editor.connection.alias, model):
            table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.constraint.name)
            made = self.constraint.create_sql(model, schema_editor)
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            schema_editor.execute(f"{made} NOT VALID", params=None)
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
