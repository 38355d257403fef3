"""Reads: sets of reported transactions and their rows."""

from django.db.models import QuerySet, Sum

from market.history.models import Transaction, TransactionSet


def sets() -> list[TransactionSet]:
    """Every set, by title."""
    return list(TransactionSet.objects.order_by("title"))


def transaction_set(key: str) -> TransactionSet:
    """One set. Raises TransactionSet.DoesNotExist."""
    return TransactionSet.objects.get(key=key)


def rows(key: str) -> QuerySet[Transaction]:
    """The rows of a set, by number: what every figure of it is computed from."""
    return Transaction.objects.filter(set__key=key).order_by("number")


def notices(key: str) -> int:
    """How many notices the transactions of a set were published with."""
    return Transaction.objects.filter(set__key=key).aggregate(all=Sum("notices"))["all"] or 0
