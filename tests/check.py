"""`make check`: format, lint, types, import contracts, migrations and the deploy profile; all are run, all are told."""

import os
import subprocess
import sys
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
        "portal",
    ]
    found = [path for top in tops for name in ("rules.py", "events.py") for path in Path(top).rglob(name)]
    return sorted(str(path) for path in found)


def main() -> int:
    steps: dict[str, tuple[list[str], dict[str, str]]] = {
        "ruff check": ([str(BIN / "ruff"), "check", "-q", "."], {}),
        "ruff format": ([str(BIN / "ruff"), "format", "-q", "--check", "."], {}),
        "mypy strict, pure code": ([str(BIN / "mypy"), *PURE, *pure_modules()], {}),
        "import contracts": ([str(BIN / "lint-imports"), "--no-cache"], {}),
        "migrations": ([sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        "deploy profile": ([sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    }
    failed = []
    for name, (command, env) in steps.items():
        done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)  # noqa: T201
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(0 if "--install-only" in sys.argv else main())
