"""How the database says that a row is final: a guard's word, or PostgreSQL's to a role that lacks the right."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError


def refused() -> Any:
    """Expects that. The guards by themselves: tests/config/test_append_only.py; the rights: test_roles.py."""
    return pytest.raises((IntegrityError, ProgrammingError), match="append-only|final|permission denied")
