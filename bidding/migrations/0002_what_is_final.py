"""What was handed in, released, said, signed or announced stays as it was: the database itself refuses to change it.

Of a change the published words stay; the deadline of a published tender moves only to what a published change says,
from where that change found it, before it has passed, and never once the list of bids is fixed.
"""

from importlib import import_module

from django.db import migrations

# The keys tell which rows INSERT OR REPLACE would overwrite.
TABLES = {
    "bidding_bid": ("id", "eid", "tender_id, part, organisation, version"),
    "bidding_withdrawal": ("id", "bid_id"),
    "bidding_latebid": ("id", "tender_id, organisation, statements_sha256"),
    "bidding_storedenvelope": ("id", "tender_id, organisation, part, sha256"),
    "bidding_release": ("id", "unit_id, role, member, good"),
    "bidding_qualification": ("id", "evaluation_id, org"),
    "bidding_declaration": ("id", "seat_id"),
    "bidding_review": ("id", "seat_id"),
    "bidding_sheetversion": ("id", "sheet_id, version"),
    "bidding_signature": ("id", "seat_id"),
    "bidding_rosterchange": ("id",),
    "bidding_admission": ("id", "tender_id, organisation"),
    "bidding_failedattempt": ("id",),
    "bidding_causestatement": ("id",),
    "bidding_causedecision": ("id",),
    "bidding_incident": ("id", "tender_id, number"),
    "bidding_keptslots": ("id", "number, part, organisation"),
    "bidding_hallmessage": ("id",),
    "bidding_mute": ("id",),
    "bidding_identitycheck": ("id",),
    "bidding_pricecheck": ("id", "opening_id, bidder"),
    "bidding_answer": ("id", "change_id, question_id"),
    "bidding_fewstatement": ("id", "closing_id"),
    "bidding_holderturn": ("id", "opening_id, part, member"),
    "bidding_attendance": ("id", "opening_id, organisation"),
    "bidding_acknowledgement": ("id", "opening_id, organisation, role"),
    "bidding_question": ("id", "public_id"),
    "bidding_paper": ("id", "opening_id, sha256", "entry_id"),
    "bidding_refund": ("id", "tender_id, organisation"),
}
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
    for table, keys in TABLES.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
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


# A database made before these tables were written down in one piece has all of it already.
BEFORE = """
    0002_bids_append_only
    0003_opinions_append_only
    0004_keep_a_standing_roster
    0005_two_envelopes
    0006_admissions_append_only
    0007_who_caused_what
    0008_keep_versions_questions_and_changes
    0009_changes_are_final
    0010_keep_slots_made_ahead
    0011_evaluations_wait_for_prices
    0012_upload_in_pieces
    0013_one_host_at_a_time
    0014_papers_of_an_opening
    0015_words_and_checks
    0016_name_consortia
    0017_watch_the_holders_readiness
    0018_ask_for_guarantees
    0019_refunds_append_only
    0020_what_was_signed_stays
"""


class Migration(migrations.Migration):
    replaces = [("bidding", name) for name in BEFORE.split()]
    dependencies = [("bidding", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, elidable=False)]
