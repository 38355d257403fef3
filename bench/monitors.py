"""The monitors over 10,000 and 100,000 procurements: `python -m bench.monitors` in a house prints what a tick costs.

Planted rows: each procurement watched with a clock that runs for a year, each with an old entry in the public log.
"""

import json
import statistics
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.figures import cpu  # noqa: E402
from market.projects.models import Project  # noqa: E402
from market.projects.rules import Stage  # noqa: E402
from rulebook import clock  # noqa: E402
from rulebook.actor import SYSTEM  # noqa: E402
from supervision.monitors import tasks  # noqa: E402
from supervision.monitors.models import Cursor, Watched  # noqa: E402
from supervision.monitors.rules import Light  # noqa: E402
from supervision.wall import queries as wall  # noqa: E402
from tests.make import market  # noqa: E402

ROUNDS, NEW = 5, 100
COLUMNS = [f'"{field.column}"' for field in Project._meta.concrete_fields if not field.primary_key]
OWN = {'"number"': "'B-' || n", '"public_id"': "gen_random_uuid()"}
PLANTED = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL session_replication_role = replica",
    f"""INSERT INTO market_project ({", ".join(COLUMNS)})
    SELECT {", ".join(OWN.get(column, column) for column in COLUMNS)}
    FROM market_project AS p, generate_series(%(first)s, %(last)s) AS n WHERE p.number = 'T-2026-001'""",
    """INSERT INTO supervision_watched (project_id, seq, state, look_at, light, next_at, next_what, regime, buyer,
    running) SELECT id, 1, '{}', now() + interval '300 days', id %% 3, now() + id * interval '1 second', 'T09', 'B',
    buyer_id, true FROM market_project WHERE number IN
    (SELECT 'B-' || n FROM generate_series(%(first)s, %(last)s) AS n)""",
    """INSERT INTO ledger_stream (log, name, last)
    SELECT 'public', 'project/B-' || n, 1 FROM generate_series(%(first)s, %(last)s) AS n""",
)
ENTRY = """INSERT INTO ledger_entry (log, stream, seq, kind, at, event, leaf)
    SELECT 'public', 'project/B-' || n, %(seq)s, 'market.determined', now(), '{"d": {}}', ''
    FROM generate_series(%(first)s, %(last)s) AS n"""
PLACED = """INSERT INTO ledger_placement (entry_id, log, index) SELECT id, 'public',
    (SELECT coalesce(max(index) + 1, 0) FROM ledger_placement) + row_number() OVER (ORDER BY id) - 1
    FROM ledger_entry AS e WHERE NOT EXISTS (SELECT 1 FROM ledger_placement AS p WHERE p.entry_id = e.id)"""


@transaction.atomic
def said(first: int, last: int, seq: int) -> None:
    """One more entry in the public record of each of these."""
    with connection.cursor() as cursor:
        for statement in (*PLANTED[:2], ENTRY, PLACED):
            cursor.execute(statement, {"first": first, "last": last, "seq": seq} if "%(" in statement else None)


@transaction.atomic
def planted(first: int, last: int) -> None:
    """Procurements that are watched, each with an entry the monitors have read."""
    with connection.cursor() as cursor:
        for statement in PLANTED:
            cursor.execute(statement, {"first": first, "last": last} if "%(" in statement else None)
    said(first, last, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(index) + 1 FROM ledger_placement")
        Cursor.objects.update_or_create(log="public", defaults={"next": cursor.fetchone()[0]})


def rounds(seq: int) -> dict[str, list[float]]:
    """CPU seconds of a tick with NEW new entries, of one with none, of the wall's first page; queries of the first."""
    told: dict[str, list[float]] = {"new": [], "idle": [], "wall": [], "asked": []}
    tick: Callable[[], None] = lambda: tasks.watch(by=SYSTEM, at=clock.now())  # noqa: E731
    for n in range(ROUNDS + 1):
        said(1 + n * NEW, (n + 1) * NEW, seq)
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as asked:
            spent = cpu(tick)
        assert Watched.objects.filter(seq=seq).count() == (n + 1) * NEW
        if n:  # the first round warms everything up
            told["new"].append(spent)
            told["asked"].append(len(asked))
            told["idle"].append(cpu(lambda: [tick() for _ in range(20)]))
            told["wall"].append(cpu(lambda: [_page() for _ in range(20)]))
    return told


def _page() -> None:
    assert wall.running(wall.Asked(), SYSTEM)
    wall.capped(Light.RED.value, SYSTEM)


def main() -> None:
    """Measure, and print it."""
    market.project(stage=Stage.AWARDED)
    planted(1, 10_000)
    few = rounds(2)
    planted(10_001, 100_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    many = rounds(3)
    middle = {name: statistics.median(values) for name, values in few.items()}
    ratios = {name: [each / middle[name] for each in values] for name, values in many.items()}
    print(json.dumps({"ratios": ratios, "floor": middle}))


if __name__ == "__main__":
    main()
