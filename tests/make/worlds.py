"""Worlds that are made once: what a maker put into an empty house is written down, and put back for the next test.

A maker plays the acts of many people through the services, which is most of what a test costs. Nothing is put back
that was not made so in this very process; into a house that is not empty, or under settings of a test's own, it is made
anew.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.db import connection, models, transaction

from ledger.storage.files import stored_as
from market.notices import index
from tests.make import stored

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)
DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class World:
    """rows: by table, as the engine writes them.  files: by path, None where none lay.  told: what was returned."""

    rows: dict[str, Any]
    files: dict[Path, bytes | None]
    told: tuple[type[models.Model], Any]


_made: dict[str, World] = {}


def made_once(maker: Callable[P, M]) -> Callable[P, M]:
    """Let a maker that returns a row be played only the first time it is asked for the same in an empty house."""

    @wraps(maker)
    def make(*args: P.args, **facts: P.kwargs) -> M:
        if isinstance(settings._wrapped, UserSettingsHolder) or not _empty():
            return maker(*args, **facts)
        key = f"{maker.__module__}.{maker.__qualname__} {args!r} {sorted(facts.items())!r}"
        if key in _made:
            _put_back(_made[key])
        else:
            row = maker(*args, **facts)
            _made[key] = _written_down(row)
        of, pk = _made[key].told
        row = of._default_manager.get(pk=pk)
        assert isinstance(row, of)
        return row  # type: ignore[return-value]

    return make


@cache
def _tables() -> tuple[str, ...]:
    own = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return tuple(sorted(own - {"django_content_type", "auth_permission"}))


def _empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS(SELECT 1 FROM "{table}")' for table in _tables()))
        return not cursor.fetchone()[0]


def _written_down(row: models.Model) -> World:
    rows: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in _tables():
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
                    if data := b"".join(copied):
                        rows[table] = data
            else:
                cursor.execute(f'SELECT * FROM "{table}"')
                if data := cursor.fetchall():
                    rows[table] = data
    return World(rows, _files(repr(rows).encode()), (type(row), row.pk))


def _files(rows: bytes) -> dict[Path, bytes | None]:
    """What lies beside the rows: envelopes and blobs they name, published or not, documents, opened bids."""
    named = {digest.decode() for digest in DIGEST.findall(rows)}
    found = [place(digest) for digest in named for place in (stored.path_of, stored.envelope)]
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.FileField):
                kept = [file for row in model._default_manager.all() if (file := getattr(row, field.name))]
                found += [settings.DATA / stored_as(file.name) for file in kept]
    found += (settings.DATA / "opened").rglob("*")
    return {path: path.read_bytes() if path.is_file() else None for path in found if not path.is_dir()}


def _put_back(world: World) -> None:
    for path, data in world.files.items():
        if data is None:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
            for table, data in world.rows.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copied:
                    copied.write(data)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT; RESET ROLE")
            _searchable(world)
            return
        for table, rows in sorted(world.rows.items(), key=lambda pair: pair[0] == "ledger_pending"):
            cursor.execute('DELETE FROM "ledger_pending"')  # a trigger queues every entry again
            places = ", ".join("?" for _ in rows[0])
            cursor.connection.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
    _searchable(world)


def _searchable(world: World) -> None:
    """The words notices are found by stand in no table of a model: they are made anew."""
    if "market_notice" in world.rows:
        index.rebuild()
