"""Rows written and read by statements that are composed once: for what all bidders do at the same instant.

Composing them anew each time costs more than the database takes to carry them out.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def insert(rows: Sequence[Row]) -> list[Row]:
    """Write new rows of one model in one statement; each is given its id. Every column's value is the row's own."""
    fields, text = _insertion(type(rows[0]), len(rows))
    told = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(text, told)
        numbers = cursor.fetchall()
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk, row._state.adding, row._state.db = number, False, connection.alias
    return list(rows)


def row_of(model: type[Row], columns: tuple[str, ...], values: Sequence[Any]) -> Row:
    """The row with these columns, in the model's own order, as a cursor gave them; others are read when asked for."""
    told = list(values)
    for place, convert in _converters(model, columns):
        told[place] = convert(told[place])
    return model.from_db(connection.alias, columns, told)


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model], count: int) -> tuple[list[Any], str]:
    """The columns besides the id, and the statement that writes so many rows of them."""
    table, fields = model._meta.db_table, [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return fields, f'INSERT INTO "{table}" ({columns}) VALUES {values} RETURNING id'


@lru_cache(maxsize=64)
def _converters(model: type[models.Model], columns: tuple[str, ...]) -> list[tuple[int, Callable[[Any], Any]]]:
    """How a column's value becomes the field's, by its place; only of those that change."""
    by_name = {field.attname: field.get_col(model._meta.db_table) for field in model._meta.concrete_fields}
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, expression in enumerate(by_name[name] for name in columns):
        steps = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
        found += [
            (place, lambda value, step=step, of=expression: step(value, of, connection))  # type: ignore[misc]
            for step in steps
        ]
    return found
