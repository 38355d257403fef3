"""Django's PostgreSQL backend, which knows when a commit is not certain."""

from django.db.utils import OperationalError


class Unconfirmed(OperationalError):
    """Whether a transaction was committed for good is not known: whoever asked for it looks before he asks again."""
