"""The table of choices has no hole: every way of choosing is played with every number of participants and mishap."""

import ast

from tests.architecture.source import tracked
from tests.cells import CASES, METHODS


def test_every_cell_of_the_table_of_choices_is_some_tests() -> None:
    named: set[tuple[str, str]] = set()
    for path in tracked("tests/*.py"):
        if "from tests.cells import cell\n" not in (text := path.read_text()):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "cell":
                method, *cases = (ast.literal_eval(each) for each in node.args)
                named |= {(method, each) for each in cases}
    table = {(method, case) for method in METHODS for case in CASES}
    assert sorted(table - named) == []
    assert sorted(named - table) == []  # a word that is not in the table proves nothing
