"""Who may do what in PostgreSQL. The guards that stand on the tables are the one declaration of what is final.

Three roles: the owner has the tables and migrates; the run-time role is what the processes are; the reading role reads
(replicas, backups). A guard refuses what its condition says, a grant what no condition allows: so the run-time role
lacks the right even where somebody took a guard down. What is final from some instant on is left to its guard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import connection, transaction
from psycopg import sql

from ledger.guards import refuses_always

BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")  # written by nothing else
DELETE, UPDATE, TRUNCATE = 8, 16, 32  # pg_trigger.tgtype
_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname
"""
_GUARDS = """
SELECT c.relname, t.tgname, t.tgtype, t.tgenabled = 'D', p.proname, p.prosrc,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(t.tgattr))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_HELD = """
SELECT c.relname, has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT'),
       has_table_privilege(c.oid, 'DELETE'), has_table_privilege(c.oid, 'TRUNCATE, TRIGGER'),
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'UPDATE'))
  FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
"""
_ROLE = """
SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                  AND pg_has_role(relowner, 'MEMBER')),
       has_schema_privilege(current_schema(), 'CREATE'),
       has_database_privilege(current_database(), 'TEMPORARY, CREATE'),
       has_parameter_privilege('session_replication_role', 'SET')
  FROM pg_roles WHERE rolname = current_user
"""
_WRONG = (
    "is a superuser", "may make roles", "may replicate", "passes by row security", "owns tables or belongs to who does",
    "may create in the schema", "may make temporary or other schemas", "may switch the guards off",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do with one table. updates: columns."""

    reads: bool
    inserts: bool
    deletes: bool
    updates: frozenset[str]


def allowed() -> dict[str, Rights]:
    """What the run-time role may do with each table, read off the guards on it."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        rights = {table: Rights(True, True, True, frozenset(columns)) for table, columns in cursor.fetchall()}
        cursor.execute(_GUARDS)
        guards = cursor.fetchall()
    for table, _, kind, _, function, source, columns in guards:
        if not refuses_always(function, source):
            continue
        if kind & DELETE:
            rights[table] = replace(rights[table], deletes=False)
        if kind & UPDATE:
            kept = rights[table].updates - frozenset(columns) if columns else frozenset[str]()
            rights[table] = replace(rights[table], updates=kept)
    for table in BY_MIGRATIONS:
        if table in rights:
            rights[table] = Rights(True, False, False, frozenset())
    return rights


def may_give() -> bool:
    """Whether we are the owner: nobody else can give rights."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'django_migrations'::regclass")
        return bool(cursor.fetchone()[0])


def missing(roles: Iterable[str]) -> list[str]:
    """Those of the roles that this server does not know."""
    names = list(roles)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
        known = {name for (name,) in cursor.fetchall()}
    return [name for name in names if name not in known]


def make(roles: Iterable[str]) -> None:
    """Make roles that may sign in and do nothing yet. Needs the right to make roles."""
    for role in missing(roles):
        _do("CREATE ROLE {} LOGIN NOINHERIT", role)


@transaction.atomic
def apply(*, run: str, read: str) -> None:
    """Give both roles what they need and take away all else, at once: who works meanwhile notices nothing.

    By the owner of the database, after each migration. The same again changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_schema()")
        database, schema = cursor.fetchone()
    # PUBLIC too: a temporary table of a table's name would stand before it in what a guard asks.
    _do("REVOKE ALL ON DATABASE {} FROM PUBLIC, {}, {}", database, run, read)
    _do("REVOKE ALL ON SCHEMA {} FROM PUBLIC, {}, {}", schema, run, read)
    for what in ("TABLES", "SEQUENCES"):
        _do(f"REVOKE ALL ON ALL {what} IN SCHEMA {{}} FROM PUBLIC, {{}}, {{}}", schema, run, read)
    _do("GRANT CONNECT ON DATABASE {} TO {}, {}", database, run, read)
    _do("GRANT USAGE ON SCHEMA {} TO {}, {}", schema, run, read)
    for what in ("TABLES", "SEQUENCES"):
        _do(f"GRANT SELECT ON ALL {what} IN SCHEMA {{}} TO {{}}, {{}}", schema, run, read)
    everything = _columns()
    for table, rights in allowed().items():
        if rights.inserts:
            _do("GRANT INSERT ON {} TO {}", table, run)
        if rights.deletes:
            _do("GRANT DELETE ON {} TO {}", table, run)
        if rights.updates == everything[table]:
            _do("GRANT UPDATE ON {} TO {}", table, run)
        elif rights.updates:
            columns = sql.SQL(", ").join(map(sql.Identifier, sorted(rights.updates)))
            _execute(
                sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, sql.Identifier(table), sql.Identifier(run))
            )


def faults() -> list[str]:
    """What is wrong with the rights of the role this process is; empty when it has what it needs and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        found = [wrong for wrong, so in zip(_WRONG, cursor.fetchone(), strict=True) if so]
        cursor.execute(_GUARDS)
        found += [
            f"the guard {name} of {table} is switched off" for table, name, _, off, *_ in cursor.fetchall() if off
        ]
        cursor.execute(_HELD)
        held = {
            table: (Rights(reads, inserts, deletes, frozenset(updates)), more)
            for table, reads, inserts, deletes, more, updates in cursor.fetchall()
        }
    for table, rights in allowed().items():
        found += _compared(table, rights, *held[table])
    return found


def _compared(table: str, due: Rights, held: Rights, more: bool) -> Iterator[str]:
    if more:
        yield f"may empty {table} or put triggers on it"
    for verb, wanted, has in (
        ("read", due.reads, held.reads),
        ("insert into", due.inserts, held.inserts),
        ("delete from", due.deletes, held.deletes),
    ):
        if wanted != has:
            yield f"may {'' if has else 'not '}{verb} {table}"
    if extra := held.updates - due.updates:
        yield f"may update {table} ({', '.join(sorted(extra))})"
    if lacking := due.updates - held.updates:
        yield f"may not update {table} ({', '.join(sorted(lacking))})"


def _columns() -> dict[str, frozenset[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return {table: frozenset(columns) for table, columns in cursor.fetchall()}


def _do(statement: str, *names: str) -> None:
    _execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _execute(statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
