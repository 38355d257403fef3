"""The table of choices: every way of choosing × how many take part and what befalls them. Each cell is some test's.

`cell("lots", "0")` marks the test, or the row of its table, that says what comes of it; test_cells of
tests/architecture looks whether one is missing.
"""

import pytest

METHODS = ("direct", "lots", "lowest", "reference", "merit", "credit", "auction")
CASES = ("0", "1", "2", "3", "many", "tied", "withdrawn", "banned", "simultaneous")


def cell(method: str, *cases: str) -> pytest.MarkDecorator:
    """This is the test of these cells."""
    return pytest.mark.cell(method, *cases)
