"""What was announced stays: a question and a published change are never changed, and a deadline only moves forward.

The deadline of a published tender moves only to what a published change says, from where that change found it, before
it has passed, and never once the list of bids is fixed.
"""

from importlib import import_module

from django.db import migrations

FINAL = "text, differences, may_affect, was, closes_at, proposed_by, approved_by, published_at, notice_id, tender_id"
BACK = """
    NEW.closes_at < OLD.closes_at
    OR EXISTS (SELECT 1 FROM bidding_closing WHERE tender_id = OLD.id)
    OR NOT EXISTS (
        SELECT 1 FROM bidding_change AS change
        WHERE change.tender_id = OLD.id AND change.notice_id IS NOT NULL AND change.was = OLD.closes_at
            AND change.closes_at = NEW.closes_at AND change.published_at < OLD.closes_at
    )
"""


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (
        ledger.for_postgresql("bidding_question")
        if postgresql
        else ledger.for_sqlite("bidding_question", ("id", "public_id"))
    ):
        schema_editor.execute(statement, params=None)
    for statement in for_postgresql() if postgresql else for_sqlite():
        schema_editor.execute(statement, params=None)


def for_sqlite():
    yield (
        f"CREATE TRIGGER bidding_change_final BEFORE UPDATE OF {FINAL} ON bidding_change WHEN OLD.notice_id IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'final: a published change'); END"
    )
    yield (
        "CREATE TRIGGER bidding_change_stays BEFORE DELETE ON bidding_change WHEN OLD.notice_id IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'final: a published change'); END"
    )
    yield (
        "CREATE TRIGGER bidding_tender_forward BEFORE UPDATE OF closes_at ON bidding_tender"
        f" WHEN OLD.terms_sha256 <> '' AND NEW.closes_at <> OLD.closes_at AND ({BACK})"
        " BEGIN SELECT RAISE(ABORT, 'forward: the deadline of a published tender'); END"
    )


def for_postgresql():
    yield """
        CREATE OR REPLACE FUNCTION bidding_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'final: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
    """
    yield (
        f"CREATE TRIGGER bidding_change_final BEFORE UPDATE OF {FINAL} ON bidding_change FOR EACH ROW"
        " WHEN (OLD.notice_id IS NOT NULL) EXECUTE FUNCTION bidding_final()"
    )
    yield (
        "CREATE TRIGGER bidding_change_stays BEFORE DELETE ON bidding_change FOR EACH ROW"
        " WHEN (OLD.notice_id IS NOT NULL) EXECUTE FUNCTION bidding_final()"
    )
    yield f"""
        CREATE OR REPLACE FUNCTION bidding_forward() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {BACK} THEN
                RAISE EXCEPTION 'forward: the deadline of a published tender'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
    """
    yield (
        "CREATE TRIGGER bidding_tender_forward BEFORE UPDATE OF closes_at ON bidding_tender FOR EACH ROW"
        " WHEN (OLD.terms_sha256 <> '' AND NEW.closes_at <> OLD.closes_at) EXECUTE FUNCTION bidding_forward()"
    )


class Migration(migrations.Migration):
    dependencies = [("bidding", "0008_keep_versions_questions_and_changes"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, migrations.RunPython.noop)]
