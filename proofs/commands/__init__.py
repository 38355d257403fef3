"""The commands of `python -m proofs`, a module for each family.

A module has `register(commands)`, which adds its parsers to argparse's subparsers and sets `run=` on each to a
function `(arguments: argparse.Namespace) -> Answer`. To add a module, import it and append it to MODULES.
`--json` is added to every command by the dispatcher. Input that cannot be read raises `answer.Unreadable`.
"""

from types import ModuleType

from proofs.commands import (
    auction,
    backup,
    contribute,
    desk,
    draw,
    keys,
    log,
    opening,
    paper,
    record,
    scripts,
    sealing,
    service,
)

MODULES: tuple[ModuleType, ...] = (
    keys,
    sealing,
    opening,
    log,
    draw,
    contribute,
    record,
    service,
    desk,
    scripts,
    auction,
    paper,
    backup,
)
