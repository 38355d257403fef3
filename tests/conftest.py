"""What every test stands on: a clock without memory, and tables that can be emptied between tests."""

import contextlib
import gc
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from whitenoise.middleware import WhiteNoiseMiddleware

from config import timekeeper
from config.grants import BY_MIGRATIONS
from rulebook import clock
from tests import cast, slow

_flush = BaseDatabaseOperations.execute_sql_flush


@contextlib.contextmanager
def guards_down(connection: Any) -> Iterator[None]:
    """Let tables be emptied between tests: the append-only triggers would refuse that, as they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT; RESET ROLE")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def flush_without_guards(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
    if self.connection.vendor == "sqlite" and settings.TEST_TABLES:
        # Copying the empty tables over the full ones costs less than taking down and putting up hundreds of guards.
        with contextlib.closing(sqlite3.connect(settings.TEST_TABLES)) as empty:
            empty.backup(self.connection.connection)
        return
    with guards_down(self.connection):
        if self.connection.vendor == "postgresql":
            # TRUNCATE makes new files for every table; the few rows of a test are deleted much faster.
            tables = self.connection.introspection.django_table_names(only_existing=True, include_views=False)
            sql_list = ["; ".join(f'DELETE FROM "{table}"' for table in tables if table not in BY_MIGRATIONS)]
        _flush(self, sql_list)


BaseDatabaseOperations.execute_sql_flush = flush_without_guards  # type: ignore[method-assign]


_look_for_files = WhiteNoiseMiddleware.add_files_from_finders
_static: dict[str, Any] = {}


def files_found_once(self: WhiteNoiseMiddleware) -> None:
    """Every client begins a site of its own, and each looked for all of `static/`: a twelfth of the pages' tests."""
    if not _static:
        _look_for_files(self)
        _static.update(self.files)
    self.files.update(_static)


WhiteNoiseMiddleware.add_files_from_finders = files_found_once  # type: ignore[method-assign]


# How long an example takes says something of the machine, nothing of the promise.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Tests of minutes begin first, the longest first of all, so that no worker is left alone with one of them at the end.
LONG = (
    "tests/browser/test_every_page", "tests/browser/test_journey", "tests/journeys/", "tests/config/test_serve",
    "tests/bidding/test_two_worlds", "tests/hardening/test_kills", "tests/races/", "tests/browser/", "tests/config/",
    "tests/hardening/", "tests/draws/test_unattended", "tests/keeping/",
)  # fmt: skip


SCALED = settings.DATABASES["default"]["ENGINE"] != "config.sqlite"
EMBEDDED = re.compile(r"^pytestmark = .*\bmark\.embedded\b", re.M)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """On PostgreSQL a file that is `embedded` as a whole is not even read: every worker would read all of them."""
    if not SCALED or collection_path.suffix != ".py":
        return None
    told = collection_path.read_text()
    return True if EMBEDDED.search(told) and "mark.both" not in told else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other run has, on PostgreSQL also what needs no engine; the long ones first."""
    foreign = "embedded" if SCALED else "scaled"
    out = {item for item in items if _has(item, foreign) or (SCALED and _needs_no_engine(item))}
    config.hook.pytest_deselected(items=list(out))
    items[:] = sorted((item for item in items if item not in out), key=_place)


def _has(item: pytest.Item, mark: str) -> bool:
    return item.get_closest_marker(mark) is not None and item.get_closest_marker("both") is None


def _place(item: pytest.Item) -> int:
    return next((place for place, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))


def _needs_no_engine(item: pytest.Item) -> bool:
    """Whether it touches no database: its answer is the same on any."""
    asked = set(getattr(item, "fixturenames", ()))
    marked = any(item.get_closest_marker(mark) for mark in ("django_db", "scaled"))
    return not marked and not asked & {"db", "transactional_db", "live_server"}


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk it again for every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite a worker begins with a copy of the empty tables, where they were made."""
    if not settings.TEST_TABLES or connection.vendor == "postgresql":
        return False
    shutil.copy(settings.TEST_TABLES, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """On PostgreSQL everything runs with the rights of the run-time role: no act may need more than it has."""
    if connection.vendor != "postgresql":
        yield
        return
    from config import grants

    with django_db_blocker.unblock():
        if grants.missing((settings.RUN_ROLE, settings.READ_ROLE)):
            grants.make((settings.RUN_ROLE, settings.READ_ROLE))
            grants.apply(run=settings.RUN_ROLE, read=settings.READ_ROLE)
        as_told = connection.settings_dict["OPTIONS"]["options"]
        _anew(f"{as_told} -c role={settings.RUN_ROLE}")
    yield
    with django_db_blocker.unblock():
        _anew(as_told)


def _anew(options: str) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict["OPTIONS"]["options"] = options


@pytest.fixture(scope="session", autouse=True)
def beside() -> None:
    """The notifier runs beside the site of this process, and nothing slow is begun inside an act."""
    slow.watch()
    from tests.make import notifier

    notifier.running()


# What is told at `cast.NOON` lies ahead, on whatever day it is told. Where other processes of the house take part, all
# of them live in the time of the machine.
AHEAD = datetime.now(UTC) - (cast.NOON - 3 * cast.DAY)
SHARED = ("tests/browser/", "tests/journeys/", "tests/races/", "tests/rehearsal/")


@pytest.fixture(autouse=True)
def before_noon(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock goes on from three days before the story of the tests."""
    if not request.node.nodeid.startswith(SHARED):
        monkeypatch.setattr(clock, "system", lambda: datetime.now(UTC) - AHEAD)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """No test sees the clock's mark, the cache, the halls or the opened bids of another."""
    clock.forget()
    timekeeper.forget()
    cache.clear()
    if halls := sys.modules.get("bidding.opening.views"):
        halls.forget()
    if projects := sys.modules.get("market.projects.queries"):
        projects.forget()
    shutil.rmtree(settings.DATA / "opened", ignore_errors=True)  # numbers come again with every test's tables
    yield
    clock.forget()
    begun, slow.found[:] = slow.found[:], []
    assert not begun, f"begun inside an act: {begun}"
