"""A migration keeps nobody waiting and leaves the processes before it working: expand, fill in batches, contract.

What cannot be had so carries `waits = "why it may"` in its module: a table that is small, a closing of the house.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Random

from ledger import online

# The last of each app that was made before anything was installed anywhere.
LAST = {
    "accounts": 5, "bidding": 3, "blacklist": 4, "documents": 1, "draws": 1, "experts": 1, "intermediaries": 1,
    "keeping": 1, "ledger": 3, "market": 6, "people": 2, "supervision": 1,
}  # fmt: skip


def faults(migration: migrations.Migration, before: ProjectState) -> Iterator[str]:
    """What of it waits long for a lock, holds one long, or fails the code that is still running."""
    new: set[str] = set()
    state = before.clone()
    for operation in _flat(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            new.add(operation.name_lower)
        elif getattr(operation, "model_name_lower", "") not in new:
            yield from _faults(operation, migration, state)
        operation.state_forwards(migration.app_label, state)


def _flat(operations: Any) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState) and operation.state_operations:
            yield from _flat(operation.state_operations)
        else:
            yield operation


def _faults(operation: Operation, migration: migrations.Migration, state: ProjectState) -> Iterator[str]:
    told = operation.describe()
    match operation:
        case online.AddIndex() | online.AddCheck():
            if migration.atomic:
                yield f"{told}: needs atomic = False"
        case migrations.AddIndex():
            yield f"{told}: nobody writes meanwhile; ledger.online.AddIndex"
        case migrations.AddConstraint(constraint=models.CheckConstraint()):
            yield f"{told}: nobody works meanwhile; ledger.online.AddCheck"
        case migrations.AddConstraint():
            yield f"{told}: nobody writes while its index is made"
        case migrations.AddField(field=field):
            if not field.null and not field.has_db_default():
                yield f"{told}: code that does not know it could no longer insert; null=True or db_default"
            elif field.has_db_default() and not isinstance(field._db_default_expression, models.Value):
                yield f"{told}: a default that is worked out for each row writes the table anew"
            if field.unique or field.db_index or field.is_relation:
                yield f"{told}: its index is made while nobody writes; first the column, then ledger.online.AddIndex"
        case migrations.AlterField(field=field):
            held = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
            yield from _altered(told, held, field)
        case migrations.RemoveField() | migrations.DeleteModel():
            yield f"{told}: code that knows it fails; once none runs any more"
        case migrations.RenameField() | migrations.RenameModel() | migrations.AlterModelTable():
            yield f"{told}: code that knows it by the name before fails; add, fill, remove"
        case migrations.RunPython(code=code) if code.__qualname__.startswith("guard."):
            pass  # a trigger takes its lock for a moment
        case migrations.RunPython() | migrations.RunSQL():
            yield f"{told}: rows are filled in batches, by a command, each in a transaction of its own"


def _altered(told: str, held: Any, field: Any) -> Iterator[str]:
    if held.null and not field.null:
        yield f"{told}: nobody works while every row is looked at; first ledger.online.AddCheck"
    if not held.unique and field.unique or not held.db_index and field.db_index:
        yield f"{told}: nobody writes while its index is made"
    same = type(held) is type(field) and held.max_length and field.max_length and held.max_length <= field.max_length
    if held.get_internal_type() != field.get_internal_type() or not (same or held.max_length == field.max_length):
        yield f"{told}: the table is written anew, or every row looked at; a column beside it"
    if any(getattr(held, name, None) != getattr(field, name, None) for name in ("max_digits", "decimal_places")):
        yield f"{told}: the table is written anew"


def test_no_migration_keeps_the_house_waiting() -> None:
    loader, found = MigrationLoader(None), []
    for (app, name), migration in loader.disk_migrations.items():
        if app not in LAST or int(name[:4]) <= LAST[app] or getattr(import_module(migration.__module__), "waits", ""):
            continue
        before = loader.project_state((app, name), at_end=False)
        found += [f"{app}/{name}: {fault}" for fault in faults(migration, before)]
    assert not found, "\n".join(found)


def test_every_app_with_tables_is_looked_at() -> None:
    ours = {app.label for app in apps.get_app_configs() if "site-packages" not in app.path and list(app.get_models())}
    assert ours == set(LAST)


class Before(migrations.Migration):
    operations = [migrations.CreateModel("Row", [("id", models.BigAutoField(primary_key=True)),
                                                 ("name", models.CharField(max_length=20)),
                                                 ("at", models.DateTimeField(null=True))])]  # fmt: skip


CHECK = models.CheckConstraint(condition=models.Q(name__gt=""), name="row_has_a_name")
INDEX = models.Index(fields=["name"], name="rows_by_name")


@pytest.mark.parametrize("operation", [
    migrations.AddIndex("row", INDEX),
    online.AddIndex("row", INDEX),  # in a transaction
    migrations.AddConstraint("row", CHECK),
    migrations.AddConstraint("row", models.UniqueConstraint(fields=["name"], name="one_row_a_name")),
    migrations.AddField("row", "kind", models.CharField(max_length=5, default="")),
    migrations.AddField("row", "chance", models.FloatField(db_default=Random())),
    migrations.AddField("row", "code", models.CharField(max_length=5, null=True, db_index=True)),
    migrations.AddField("row", "other", models.ForeignKey("row", models.PROTECT, null=True)),
    migrations.AlterField("row", "name", models.IntegerField()),
    migrations.AlterField("row", "name", models.CharField(max_length=10)),
    migrations.AlterField("row", "at", models.DateTimeField()),
    migrations.RemoveField("row", "name"),
    migrations.RenameField("row", "name", "title"),
    migrations.DeleteModel("Row"),
    migrations.RunPython(migrations.RunPython.noop),
    migrations.RunSQL("UPDATE row SET name = ''"),
], ids=lambda operation: operation.describe())  # fmt: skip
def test_what_would_keep_it_waiting_is_named(operation: Operation) -> None:
    assert list(faults(_with(operation, atomic=True), _before()))


@pytest.mark.parametrize("operation", [
    online.AddIndex("row", INDEX),
    online.AddCheck("row", CHECK),
    migrations.AddField("row", "kind", models.CharField(max_length=5, db_default="")),
    migrations.AddField("row", "seen_at", models.DateTimeField(null=True)),
    migrations.AlterField("row", "name", models.CharField(max_length=40)),
    migrations.CreateModel("More", [("id", models.BigAutoField(primary_key=True))]),
], ids=lambda operation: operation.describe())  # fmt: skip
def test_what_takes_a_moment_passes(operation: Operation) -> None:
    assert not list(faults(_with(operation, atomic=False), _before()))


def _with(operation: Operation, *, atomic: bool) -> migrations.Migration:
    made = migrations.Migration("0002_more", "tried")
    made.operations, made.atomic = [operation], atomic
    return made


def _before() -> ProjectState:
    return Before("0001_tables", "tried").mutate_state(ProjectState())
