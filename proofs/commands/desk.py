"""holder-desk: a key holder's sitting by command line: what is due, slot keys ahead, releases for all that are ready.

Everything is read from the public log as `release-service` reads it, and nothing is released that it would not
release; the two may share a state folder, for what was released once is remembered there.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proofs import holder
from proofs.canonical import NotCanonical
from proofs.commands.answer import Answer
from proofs.commands.inputs import open_signing, present
from proofs.commands.service import Service, add_site, service_of
from proofs.doors import Unreachable
from proofs.holder import Standing
from proofs.mirror import Forked


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("holder-desk", help="a key holder's openings; keys ahead and releases in one sitting")
    add_site(parser)
    parser.add_argument("--keys", action="store_true", help="make slot keys for every reserved number")
    parser.add_argument("--ready", action="store_true", help="say for every opening of the next days that I am ready")
    parser.add_argument("--release", action="store_true", help="release for every opening that is ready")
    parser.set_defaults(run=sit)


def sit(arguments: argparse.Namespace) -> Answer:
    """One sitting. Ends with 1 when something could not be done, and names it."""
    me = open_signing(arguments.keyfile, arguments)
    state = Path(arguments.state)
    state.mkdir(parents=True, exist_ok=True)
    try:
        service = service_of(arguments, me, state)
        service.read()
        done: dict[str, Any] = {}
        failed: dict[str, str] = {}
        if arguments.keys:
            done["keys"] = service.make_ahead()
        if arguments.ready:
            done["ready"] = service.confirm()
        if arguments.release:
            done["released"] = [row.number for row in _openings(service) if row.due == holder.RELEASE
                                and _did(service, row, service.hold, failed)]  # fmt: skip
    except Unreachable as wrong:
        return Answer(holds=False, data={"error": str(wrong)})
    except Forked as forked:
        return Answer(holds=False, data={"error": f"ALARM: {forked}"})
    refused = {key: f"HTTP {status}" for key, status in service.answers.items() if status >= 400}
    openings = [row.as_json() for row in _openings(service)]
    ahead = {"keys_to_make": len(service.ahead.due()) - done.get("keys", 0)}
    return Answer(
        holds=not failed and not refused,
        data={"org": me.org, "openings": openings, **ahead, "done": done, "failed": {**failed, **refused}},
    )


def _openings(service: Service) -> list[Standing]:
    """This holder's openings that are not over, the next first."""
    at = present()
    found = [holder.standing(book, service.me.org, at=at) for book in service.books.values()]
    return sorted((row for row in found if row is not None), key=lambda row: row.deadline)


def _did(service: Service, row: Standing, act: Callable[..., None], failed: dict[str, str]) -> bool:
    book = service.books[row.number]
    for part in row.parts:
        try:
            act(book, part)
        except (NotCanonical, LookupError, TypeError) as wrong:
            failed[f"{row.number} {part}"] = str(wrong)
            return False
    return True
