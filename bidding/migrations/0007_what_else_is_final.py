"""Slots, takings, the closed list, announced documents, verdicts and answers stay as they were."""

from importlib import import_module

from django.db import migrations

APPEND_ONLY = {
    "bidding_slot": ("id", "committee_id, number"),
    "bidding_taking": ("id", "tender_id, organisation"),
}
ANNOUNCED = """(
    OLD.change_id IS NULL AND EXISTS (
        SELECT 1 FROM bidding_tender AS tender WHERE tender.id = OLD.tender_id AND tender.terms_sha256 <> ''
    ) OR EXISTS (
        SELECT 1 FROM bidding_change AS change WHERE change.id = OLD.change_id AND change.notice_id IS NOT NULL
    )
)"""
# table → (columns that are final, from when on, columns written once, when they are, keys a REPLACE would go by)
FINAL = {
    "bidding_closing": (
        "id, tender_id, digest, nonce, listing, fixed_at", "1 = 1",
        "entry_id, closed_at", "OLD.entry_id IS NOT NULL", ("id", "tender_id"),
    ),
    "bidding_document": (
        "id, tender_id, change_id, name, version, size, sha256, file, added_at", ANNOUNCED,
        "superseded_at", "OLD.superseded_at IS NOT NULL", ("id",),
    ),
    "bidding_openingunit": (
        "id, opening_id, bid_id", "1 = 1",
        "verdict, findings, sheet, consortium, guarantee, decided_at", "OLD.verdict <> ''", ("id", "bid_id"),
    ),
    "bidding_hallobjection": (
        "id, opening_id, organisation, text, statement, statement_sha256, entry_id", "1 = 1",
        "answer, answered_at", "OLD.answered_at IS NOT NULL", ("id", "opening_id, statement_sha256", "entry_id"),
    ),
}  # fmt: skip


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    market = import_module("market.migrations.0003_what_is_final")
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, keys in APPEND_ONLY.items():
        for statement in ledger.for_postgresql(table) if postgresql else ledger.for_sqlite(table, keys):
            schema_editor.execute(statement, params=None)
    for table, (final, since, once, done, keys) in FINAL.items():
        made = market.guards(
            table, final=final, since=since, once=once, done=done, keys=keys, postgresql=postgresql
        )
        for statement in made:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("bidding", "0006_read_the_table_to_everybody"),
        ("market", "0003_what_is_final"),
        ("ledger", "0002_append_only"),
    ]
    operations = [migrations.RunPython(forbid, elidable=False)]
