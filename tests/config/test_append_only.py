"""What must stay as it was written stays so after all migrations: one that makes a table anew loses its guards."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

pytestmark = pytest.mark.django_db
FINAL = {
    "ledger": ("Entry", "Placement", "Tile", "Checkpoint", "Cosignature", "Witnessed", "Blob"),
    "accounts": ("AccountStep", "KeyRevocation"),
    "blacklist": ("ListEntry", "Inquiry", "Merit", "Sanction", "SanctionKey", "SanctionFact", "Step"),
    "documents": ("Evidence", "Issued"),
    "draws": ("DrawMessage",),
    "experts": ("LeftOut", "Look", "EvidenceLook", "ApplicationStep", "Training", "StandingChange", "Lapse",
                "LapseWord", "CatalogueLine", "Struck"),
    "intermediaries": ("FormerName", "ProviderChange", "SpotCheck", "DataObjection", "ObjectionFinding", "Rating"),
    "market": ("Notice", "Contract", "ItemVersion", "ItemWithdrawal", "PartChange", "Enrolment", "EnrolmentWithdrawal",
               "ChoicePool", "ShortList", "Pick", "Milestone", "Delivery", "Inspection", "Attachment", "Invoice",
               "Payment", "PaymentAnswer", "ComplaintStep", "Decision", "TicketAnswer", "StandsWith", "Entrustment",
               "EntrustmentStep", "ReportConfirmation"),
    "bidding": (
        "Bid", "Withdrawal", "LateBid", "StoredEnvelope", "Release", "Qualification", "Declaration", "Review",
        "SheetVersion", "Signature", "RosterChange", "KeptSlots", "Admission", "FailedAttempt", "CauseStatement",
        "CauseDecision", "Incident", "IncidentReport", "HallMessage", "Mute", "IdentityCheck", "PriceCheck", "Question",
        "Answer", "Paper", "Refund", "Freed", "FewStatement", "HolderTurn", "Attendance", "Acknowledgement", "Reading",
        "TalkNote", "Leaving", "Slot", "Taking", "SignIn", "LeaderVote", "MatterVote", "Recording", "Appraisal",
        "Disclosure", "FixedQuotes", "Assessment", "AuctionBidder", "Quote",
    ),
    "people": ("Step", "Agreement", "Drill"),
    "keeping": ("Package",),
    "supervision": ("AlertStep", "Screening", "Clue", "FlagFacts", "TipThread", "TipMessage", "TipAct", "TipDay"),
}  # fmt: skip
MODELS = [apps.get_model(app, name) for app, names in FINAL.items() for name in names]
VALUES = {"JSONField": "{}", "BooleanField": True, "BinaryField": b"x", "UUIDField": uuid.uuid4().hex}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_row(model: type[models.Model], **other: Any) -> None:
    """A row of it that points nowhere and says nothing: foreign keys are looked at when the transaction ends."""
    table, now = model._meta.db_table, timezone.now()
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
        value = VALUES.get(kind, now if kind == "DateTimeField" else now.date() if kind == "DateField" else 7)
        value = "7" if kind in ("CharField", "TextField") else value
        values[str(field.column)] = field.get_db_prep_value(value, connection) if "Date" in kind else value
    values |= other
    columns = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", [*values.values()]
        )
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_final_is_neither_changed_nor_deleted(model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    with undone():
        a_row(model)
        statements = [f'UPDATE {table} SET "{key}" = "{key}"', f"DELETE FROM {table}"]
        if connection.vendor == "sqlite":  # where this is off, REPLACE deletes without asking the guard of DELETE
            unchecked("PRAGMA recursive_triggers = OFF")
            statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        for statement in statements:
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)
        if connection.vendor == "sqlite":
            unchecked("PRAGMA recursive_triggers = ON")


# What is final but for some columns: model → (a final column, what is written once: column and value).
ONCE: dict[str, tuple[str, str, Any]] = {
    "accounts.AccessReset": ("reason", "confirmed_at", "2026-11-24 04:00:00+00:00"),
    "market.Award": ("amount", "declined_at", "2026-11-24 04:00:00+00:00"),
    "market.ContractProposal": ("file_id", "settled_at", "2026-11-24 04:00:00+00:00"),
    "market.Letter": ("award_id", "paper_id", 8),
    "market.ResultObjection": ("text", "answered_at", "2026-11-24 04:00:00+00:00"),
    "market.Proposal": ("report", "publicity_id", 8),
    "market.Challenge": ("points", "answered_at", "2026-11-24 04:00:00+00:00"),
    "market.Complaint": ("points", "ended_at", "2026-11-24 04:00:00+00:00"),
    "market.Suspension": ("text", "ended_at", "2026-11-24 04:00:00+00:00"),
    "market.Telling": ("notice_id", "told_at", "2026-11-24 04:00:00+00:00"),
    "keeping.Hold": ("reason", "lifted_at", "2026-11-24 04:00:00+00:00"),
    "keeping.Deletion": ("proposed_at", "due_at", "2026-11-24 04:00:00+00:00"),
    "bidding.Closing": ("listing", "entry_id", 8),
    "bidding.OpeningUnit": ("bid_id", "verdict", "OK"),
    "bidding.Rollback": ("reason", "decided_at", "2026-11-24 04:00:00+00:00"),
    "bidding.PanelMatter": ("text", "closed_at", "2026-11-24 04:00:00+00:00"),
    "bidding.HallObjection": ("text", "answered_at", "2026-11-24 04:00:00+00:00"),
}
EMPTY = {"verdict": ""}


@pytest.mark.parametrize("name", ONCE)
def test_what_is_written_once_is_written_once_and_the_rest_never(name: str) -> None:
    model = apps.get_model(name)
    table, (final, once, value) = model._meta.db_table, ONCE[name]
    with undone():
        a_row(model, **{once: EMPTY.get(once)})
        for statement in (f"UPDATE {table} SET {final} = {final}", f"DELETE FROM {table}"):
            refused(statement)
        with transaction.atomic():
            unchecked(f"UPDATE {table} SET {once} = %s", value)
        refused(f"UPDATE {table} SET {once} = {once}")


def test_all_that_is_written_with_a_bids_verdict_stays_with_it() -> None:
    unit = apps.get_model("bidding.OpeningUnit")
    with undone():
        a_row(unit, verdict="OK")
        for column in (field.column for field in unit._meta.concrete_fields):
            statement = f"UPDATE bidding_openingunit SET {column} = {column}"
            unchecked(statement) if column == "damaged_at" else refused(statement)


def test_a_locked_sheet_says_what_it_said_and_is_taken_up_before_it_says_anything_else() -> None:
    sheet = apps.get_model("bidding.Sheet")
    with undone():
        a_row(sheet, locked_at=None)
        unchecked("UPDATE bidding_sheet SET scores = '{}', version = 8")
        unchecked("UPDATE bidding_sheet SET locked_at = saved_at")
        for column in ("scores", "version", "commitment", "seat_id"):
            refused(f"UPDATE bidding_sheet SET {column} = {column}")
        refused("DELETE FROM bidding_sheet")
        unchecked("UPDATE bidding_sheet SET locked_at = NULL")
        unchecked("UPDATE bidding_sheet SET scores = '{}'")


def test_a_document_is_final_from_its_notice_on() -> None:
    tender, document = (apps.get_model("bidding", name) for name in ("Tender", "Document"))
    for terms, is_final in (("", False), ("7", True)):
        with undone():
            a_row(tender, terms_sha256=terms)
            a_row(document, change_id=None, superseded_at=None)
            if not is_final:
                unchecked("UPDATE bidding_document SET sha256 = '8'")
                continue
            refused("UPDATE bidding_document SET sha256 = '8'")
            refused("DELETE FROM bidding_document")
            unchecked("UPDATE bidding_document SET superseded_at = added_at")
            refused("UPDATE bidding_document SET superseded_at = NULL")


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        connection.cursor().execute(statement)


def unchecked(statement: str, *values: Any) -> None:
    connection.cursor().execute(statement, values)


@pytest.mark.embedded
def test_every_table_with_such_guards_is_on_the_list() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_no\\_update' ESCAPE '\\'"
        )
        guarded = {table for (table,) in cursor.fetchall()}

    assert guarded == {model._meta.db_table for model in MODELS}


@pytest.mark.embedded
def test_the_guards_of_what_may_change_in_one_way_stand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}

    assert {"bidding_change_final", "bidding_change_stays", "bidding_tender_forward", "ledger_entry_waits"} <= names
    tables = [apps.get_model(name)._meta.db_table for name in (*ONCE, "bidding.Document")]
    assert {"bidding_sheet_final", "bidding_sheet_stays"} <= names
    assert {f"{table}_{guard}" for table in tables for guard in ("final", "stays", "once")} <= names
