"""The house as text: which modules there are and what they say."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "rulebook", "proofs", "documents", "notifier", "accounts", "ledger", "blacklist", "draws", "experts",
    "intermediaries", "market", "bidding", "supervision", "portal", "config", "rehearsal",
)  # fmt: skip


@functools.cache
def tracked(pattern: str) -> tuple[Path, ...]:
    """Files of the project whose path matches; new ones count before they are committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return tuple(ROOT / line for line in listed if line and (ROOT / line).is_file())


@functools.cache
def modules(*, tests: bool = False) -> dict[str, ast.Module]:
    """Every module of the house, by its path from the root."""
    found = {}
    for path in tracked("*.py"):
        name = str(path.relative_to(ROOT))
        if "/migrations/" in name or (name.startswith("tests/") and not tests):
            continue
        found[name] = ast.parse(path.read_text(), name)
    return found


def calls(tree: ast.AST) -> list[tuple[int, str]]:
    """Each call as (line, dotted name)."""
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions at the top of a module."""
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
