"""What was done in a case stays as it was done, and nothing binds that two persons did not sign after a notice.

A restriction is written only for a round that was proposed and agreed to by two, neither of whom reported the case,
after the time a notice left had run out. Its stay, its resumption and its early end are each written once: the stay
when the party appealed, the others when two persons signed a later round.
"""

from importlib import import_module

from django.db import migrations

STEP = ("id", "case_id, seq")
CASE = (
    "id, public_id, body, subject, name, party_org, party_person, ground, edition, source, project, occurred_on,"
    " reported_by, reported_at"
)
RESTRICTION = (
    "id, public_id, case_id, round, decision_no, body, subject, name, ground, kind, points, decided_at, starts_at,"
    " ends_at"
)
SIGNED_BY_REPORTER = """
    NEW.act IN ('proposed', 'agreed')
    AND EXISTS (SELECT 1 FROM blacklist_case WHERE id = NEW.case_id AND reported_by = NEW.person)
"""
TWO = """
    (SELECT COUNT(DISTINCT step.person) FROM blacklist_step AS step
        WHERE step.case_id = NEW.case_id AND step.round {round} AND step.act IN ('proposed', 'agreed')) < 2
    OR NOT EXISTS (SELECT 1 FROM blacklist_step AS step
        WHERE step.case_id = NEW.case_id AND step.round {round} AND step.act = 'agreed')
"""
UNSIGNED = f"""
    {TWO.format(round="= NEW.round")}
    OR NOT EXISTS (
        SELECT 1 FROM blacklist_step AS told, blacklist_step AS signed
        WHERE told.case_id = NEW.case_id AND told.act = 'noticed' AND {{days}} >= 5
            AND signed.case_id = NEW.case_id AND signed.round = NEW.round AND signed.act = 'proposed'
            AND told.until <= signed.at
    )
"""
UNHEARD = "NOT EXISTS (SELECT 1 FROM blacklist_step WHERE case_id = NEW.case_id AND act = 'appealed')"
LATER = TWO.format(round="> NEW.round")
ONCE = {"stayed_at": UNHEARD, "resumed_at": LATER, "ended_at": LATER}
PLAIN_DAYS = {"postgresql": "EXTRACT(EPOCH FROM told.until - told.at) / 86400"}
SQLITE_DAYS = "julianday(told.until) - julianday(told.at)"


def forbid(apps, schema_editor):
    ledger = import_module("ledger.migrations.0002_append_only")
    vendor = schema_editor.connection.vendor
    postgresql = vendor == "postgresql"
    step = ledger.for_postgresql("blacklist_step") if postgresql else ledger.for_sqlite("blacklist_step", STEP)
    unsigned = UNSIGNED.format(days=PLAIN_DAYS.get(vendor, SQLITE_DAYS))
    for statement in step:
        schema_editor.execute(statement, params=None)
    for statement in for_postgresql(unsigned) if postgresql else for_sqlite(unsigned):
        schema_editor.execute(statement, params=None)


def guards(unsigned):
    """Name, table, when, under what condition, what is said."""
    yield "signer", "step", "BEFORE INSERT", SIGNED_BY_REPORTER, "signed: not by who reported it"
    yield "signed", "restriction", "BEFORE INSERT", unsigned, "signed: two persons after a notice and its time"
    yield "final", "restriction", f"BEFORE UPDATE OF {RESTRICTION}", "1 = 1", "final: a restriction"
    yield "stays", "restriction", "BEFORE DELETE", "1 = 1", "final: a restriction"
    yield "final", "case", f"BEFORE UPDATE OF {CASE}", "1 = 1", "final: a case"
    yield "stays", "case", "BEFORE DELETE", "1 = 1", "final: a case"
    for column, missing in ONCE.items():
        yield f"{column}_once", "restriction", f"BEFORE UPDATE OF {column}", f"OLD.{column} IS NOT NULL", "final: once"
        yield f"{column}_signed", "restriction", f"BEFORE UPDATE OF {column}", missing, "signed: a later round"


def for_sqlite(unsigned):
    for name, table, when, condition, said in guards(unsigned):
        yield (
            f"CREATE TRIGGER blacklist_{table}_{name} {when} ON blacklist_{table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
    for key in ("id", "public_id"):  # INSERT OR REPLACE deletes without asking where recursive_triggers is off
        for table in ("case", "restriction"):
            yield (
                f"CREATE TRIGGER blacklist_{table}_no_replace_{key} BEFORE INSERT ON blacklist_{table}"
                f" WHEN EXISTS (SELECT 1 FROM blacklist_{table} WHERE {key} = NEW.{key})"
                f" BEGIN SELECT RAISE(ABORT, 'final: REPLACE on blacklist_{table}'); END"
            )


def for_postgresql(unsigned):
    for name, table, when, condition, said in guards(unsigned):
        full = f"blacklist_{table}_{name}"
        answer = "OLD" if "DELETE" in when else "NEW"
        yield f"""
            CREATE OR REPLACE FUNCTION {full}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN {answer};
            END $$
        """
        yield f"CREATE TRIGGER {full} {when} ON blacklist_{table} FOR EACH ROW EXECUTE FUNCTION {full}()"
    for table in ("case", "restriction"):
        yield (
            f"CREATE TRIGGER blacklist_{table}_no_truncate BEFORE TRUNCATE ON blacklist_{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
        )


class Migration(migrations.Migration):
    dependencies = [("blacklist", "0004_what_a_case_says"), ("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forbid, elidable=False)]
