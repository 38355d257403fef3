"""`python -m proofs COMMAND`: 0 it holds, 1 it does not, 2 wrong usage or unreadable input."""

import argparse
import sys
from collections.abc import Sequence

from proofs.commands import MODULES
from proofs.commands.answer import Answer, Unreadable, show


def parser() -> argparse.ArgumentParser:
    """The whole command line, every command registered by the module that implements it."""
    top = argparse.ArgumentParser(
        prog="python -m proofs", description="明标: seal, open and verify without the server."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.register(commands)
    for command in set(commands.choices.values()):
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = parser().parse_args(argv)
    try:
        answer: Answer = arguments.run(arguments)
    except (Unreadable, OSError) as unreadable:
        print(f"{arguments.command}: {unreadable}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    show(answer, as_json=arguments.json)
    return 0 if answer.holds else 1


if __name__ == "__main__":
    sys.exit(main())
