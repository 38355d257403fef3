"""Figures of a set of transactions, each with its definition and the rows behind it."""

from dataclasses import dataclass

from market.history import queries as history
from market.history.models import Transaction, TransactionSet
from market.history.rules import Savings, savings


@dataclass(frozen=True)
class Told:
    """A set as the page, the spreadsheet and the programs get it."""

    head: TransactionSet
    rows: list[Transaction]
    figures: Savings
    notices: int


def told(key: str) -> Told:
    """A set with its figures, computed now from its rows. Raises TransactionSet.DoesNotExist."""
    head = history.transaction_set(key)
    rows = list(history.rows(key))
    return Told(head=head, rows=rows, figures=savings(rows), notices=history.notices(key))


def first() -> Told | None:
    """The set the front page shows: the first of the loaded ones."""
    sets = history.sets()
    return told(sets[0].key) if sets else None
