"""Do the tests notice? Every fault of `mutants.toml`, one after the other, in a copy of the house that is thrown away.

`python -m tests.hardening.mutants [WORD…]`, part of `make harden`: ten minutes of a processor for all of them; with
words, the faults whose name or file holds one. First the tests named there run on the house as it is: what fails then
notices nothing. Then each fault is put in and its own tests run until the first fails. Fewer than nine of ten noticed,
or one that was not and has no reason in the table, is a failure. A test that hangs for five minutes has noticed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("mutants.toml")
LEFT = shutil.ignore_patterns(
    ".git", ".venv", "var", "demo-keys", "staticfiles", ".hypothesis", ".*_cache", "node_modules"
)
LONGEST = 300  # seconds for the tests of one fault
ENOUGH = 0.9  # of the faults are noticed


@dataclass(frozen=True)
class Mutant:
    """One fault: in this file this text becomes that one, and these tests should fail.

    survives: why none can, where that is so.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    survives: str = ""

    def put_in(self, tree: Path) -> None:
        """Change the file in a copy of the house. ValueError unless the text stands there exactly once."""
        path = tree / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {text.count(self.old)} times in {self.file}, not once")
        self._write(path, text.replace(self.old, self.new))

    def take_out(self, tree: Path) -> None:
        """The file as it was."""
        self._write(tree / self.file, (ROOT / self.file).read_text())

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()  # as old as the second it was made in, it could pass for the new text


def listed() -> list[Mutant]:
    """The faults of the table."""
    rows = tomllib.loads(TABLE.read_text())["mutant"]
    return [Mutant(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def passed(tree: Path, tests: Sequence[str], *, longest: int = LONGEST) -> bool:
    """Whether these tests pass in that copy."""
    words = ["-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    own = {key: value for key, value in os.environ.items() if key not in ("TEST_TABLES", "DATABASE_URL", "REDIS_URL")}
    try:
        run = subprocess.run(
            [sys.executable, *words], cwd=tree, env=own, capture_output=True, timeout=longest, text=True
        )
    except subprocess.TimeoutExpired:
        return False
    if run.returncode not in (0, 1, 2):  # 2: it could not even be read
        raise SystemExit(f"{' '.join(tests)}: no answer\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.returncode == 0


def unnoticed(mutants: Sequence[Mutant], tree: Path) -> list[Mutant]:
    """Those that no test of theirs sees, said aloud one by one."""
    left = []
    for number, mutant in enumerate(mutants, 1):
        begun = time.monotonic()
        mutant.put_in(tree)
        survives = passed(tree, mutant.tests)
        mutant.take_out(tree)
        left += [mutant] * survives
        word = "SURVIVES" if survives else "noticed"
        told = f"{number}/{len(mutants)} {word}, {time.monotonic() - begun:.0f} s: {mutant.name}"
        print(told + (f" ({mutant.survives or 'no reason'})" if survives else ""), flush=True)  # noqa: T201
    return left


def main(words: Sequence[str]) -> int:
    """Put them in one by one; 1 where too few are noticed, or one that is not has no reason."""
    mutants = [each for each in listed() if not words or any(word in f"{each.name} {each.file}" for word in words)]
    with tempfile.TemporaryDirectory(prefix="mb-mutants-") as folder:
        tree = Path(folder) / "house"
        shutil.copytree(ROOT, tree, ignore=LEFT, symlinks=True)
        subprocess.run(["git", "init", "-q"], cwd=tree, check=True)  # some tests ask it which files there are
        if not passed(
            tree, sorted({test for mutant in mutants for test in mutant.tests}), longest=len(mutants) * LONGEST
        ):
            raise SystemExit("the tests fail on the house as it is: mend that first")
        left = unnoticed(mutants, tree)
    print(f"{len(mutants) - len(left)} of {len(mutants)} faults noticed")  # noqa: T201
    return int(len(left) > (1 - ENOUGH) * len(mutants) or any(not mutant.survives for mutant in left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
