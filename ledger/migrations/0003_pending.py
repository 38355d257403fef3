"""An entry waits for its place from the moment it is written: the database itself puts it in the queue."""

from django.db import migrations

POSTGRESQL = (
    "CREATE FUNCTION ledger_wait() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); RETURN NULL; END $$",
    "CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_wait()",
)
SQLITE = (
    "CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry"
    " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); END",
)


def queue(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunPython(queue, elidable=False)]
