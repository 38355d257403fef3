"""The tables of `docs/security.md` are whole, and what they name is there."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.source import ROOT

PAGE = ROOT / "docs/security.md"
# ASVS 5.0.0: the level of each requirement of a section, in their order.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
FORMS = ("met", "in part", "not met", "does not apply")


def rows(begins: str) -> list[list[str]]:
    """Cells of the rows whose first cell begins so."""
    lines = [line for line in PAGE.read_text().splitlines() if re.match(rf"\| {begins}\d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(cell: str) -> list[str]:
    """V10.3.1, or V10.3.1–V10.3.5 one by one."""
    first, _, last = cell.replace("V", "").partition("–")
    section, _, one = first.rpartition(".")
    until = int(last.rpartition(".")[2]) if last else int(one)
    assert not last or last.startswith(f"{section}."), cell
    return [f"{section}.{n}" for n in range(int(one), until + 1)]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_has_one_row_and_a_level_three_says_so():
    found = [number for row in rows("V") for number in numbers(row[0])]
    wanted = {f"{section}.{n}": level for section, levels in LEVELS.items() for n, level in enumerate(levels, 1)}

    assert len(found) == len(set(found))
    assert set(found) == set(wanted)
    for row in rows("V"):
        levels = {wanted[number] for number in numbers(row[0])}
        if len(levels) == 1:
            assert ("(L3)" in row[1]) == (levels == {"3"}), row[:2]


def test_every_threat_has_its_row():
    assert [row[0] for row in rows("T")] == [f"T{n}" for n in range(1, 31)]
    assert all(row[2] and row[3] for row in rows("T"))


def test_what_is_not_met_says_why_and_what_is_met_where_or_how():
    for number, _, where, shown in rows("V"):
        assert where.startswith(FORMS), number
        if where.startswith(("in part", "not met", "does not apply")):
            assert "because" in where, number
        else:
            assert shown or "by nginx" in where or "by the operator" in where, number


@pytest.mark.parametrize("page", ["docs/security.md", "docs/operations.md", "SECURITY.md"])
def test_every_module_file_and_test_that_is_named_is_there(page):
    text, missing = (ROOT / page).read_text(), []
    for named in re.findall(r"`([a-z_]+/[A-Za-z0-9_./-]+(?:::\w+)?)`", text):
        path, _, test = named.partition("::")
        if re.fullmatch(r"[a-z]+/\d", named):  # a kind of statement
            continue
        if named == "notifier/token" or path.split("/")[0] in {
            "keys",
            "uploads",
            "incoming",
            "var",
        }:  # in the data folder
            continue
        if not (ROOT / path).exists() or (test and test not in names_in(path)):
            missing.append(named)
    assert not missing


def test_the_ways_in_and_the_times_stand_in_both_languages():
    chinese, english = (ROOT / "SECURITY.md").read_text().split("\n---\n")

    for part in (chinese, english):
        assert "/.well-known/security.txt" in part and "/tips/" in part and "Report a vulnerability" in part
        assert re.findall(r"\| (\d+) [^|]+ \|", part) == ["2", "7", "7", "30", "90"]


def test_every_pinned_component_has_its_hash():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        blocks = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(), flags=re.M))
        pinned = [block for block in blocks if "==" in block]
        assert pinned and all("--hash=sha256:" in block for block in pinned), lock
        assert not [block for block in blocks if re.match(r"(-e|git\+|https?:|--(extra-)?index-url)", block)], lock
