"""`make check`: format, lint, types, import contracts, migrations, deploy profile; side by side, and all are told."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
# A throw-away key: this profile is only looked at, never served.
PRODUCTION = {
    "MINGBIAO_PRODUCTION": "true",
    "MINGBIAO_SECRET": "check-only-" + "0123456789abcdef" * 4,
    "MINGBIAO_EXPERT_KEYS": "/nowhere/experts.keys",
    "MINGBIAO_HOSTS": '["market.example.cn"]',
    "DATABASE_URL": "",
}
PURE = ["proofs", "rulebook", *(f"notifier/{name}.py" for name in ("store", "lawful", "gateways", "server"))]


def pure_modules() -> list[str]:
    """The rules and events of every slice: what mypy checks strictly besides the two pure packages."""
    tops = [path.parent.name for path in Path().glob("*/apps.py")] or [
        "accounts",
        "ledger",
        "blacklist",
        "draws",
        "experts",
        "intermediaries",
        "market",
        "bidding",
        "supervision",
        "portal",
    ]
    found = [path for top in tops for name in ("rules.py", "events.py") for path in Path(top).rglob(name)]
    return sorted(str(path) for path in found)


def main() -> int:
    steps: dict[str, tuple[list[str], dict[str, str]]] = {
        "ruff check": ([str(BIN / "ruff"), "check", "-q", "."], {}),
        "ruff format": ([str(BIN / "ruff"), "format", "-q", "--check", "."], {}),
        "mypy strict, pure code": ([str(BIN / "mypy"), *PURE, *pure_modules()], {}),
        "bandit": ([sys.executable, "-m", "tests.hardening.scanned"], {}),
        "import contracts": ([str(BIN / "lint-imports"), "--no-cache"], {}),
        "migrations": ([sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        "deploy profile": ([sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    }
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        done = [side_by_side.submit(_run, command, env) for command, env in steps.values()]
    for name, (code, told) in zip(steps, (each.result() for each in done), strict=True):
        print(f"FAILED {name}\n{told}" if code else f"ok     {name}", flush=True)  # noqa: T201
    return int(any(each.result()[0] for each in done))


def _run(command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Its exit code, and all it said."""
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(0 if "--install-only" in sys.argv else main())
