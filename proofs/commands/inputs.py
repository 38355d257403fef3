"""What several commands take: key files and their passphrases, units, statements, identities, the time."""

import argparse
import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proofs import canonical, keyfile, organisation
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.commands.answer import Unreadable, read_bytes, read_json
from proofs.organisation import Organisation
from proofs.verdict import Identities


def present() -> datetime:
    """The party's own clock, in UTC: every command that acts by the time reads it here."""
    return datetime.now(UTC)


def now() -> str:
    """The time in a statement: UTC, microseconds."""
    return present().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Whatever is malformed inside is unreadable input: exit 2, naming what it was."""
    try:
        yield
    except (ValueError, TypeError) as wrong:
        raise Unreadable(f"{what}: {wrong}") from wrong


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """The one way a passphrase comes in: asked for, or the first line of a file."""
    parser.add_argument("--passphrase-file", metavar="FILE", help="read the passphrase here instead of asking")


def passphrase(arguments: argparse.Namespace, *, twice: bool = False) -> str:
    """The passphrase. Unreadable when it is empty or the two typed do not agree."""
    if arguments.passphrase_file:
        typed = read_bytes(arguments.passphrase_file).decode().removesuffix("\n").removesuffix("\r")
    else:
        typed = getpass.getpass("passphrase: ")
        if twice and getpass.getpass("once more: ") != typed:
            raise Unreadable("the two passphrases differ")
    if not typed:
        raise Unreadable("an empty passphrase protects nothing")
    return typed


def open_keyfile(path: str, arguments: argparse.Namespace) -> Organisation:
    """The organisation key in a key file."""
    text = read_bytes(path)
    with reading(path):
        return keyfile.unseal(text.decode().removesuffix("\n"), passphrase(arguments))


def add_signed_by(parser: argparse.ArgumentParser) -> None:
    """The words of a command that opens with a generation which may have been revoked."""
    parser.add_argument(
        "--signed-by",
        metavar="KEYFILE",
        help="another generation that signs: a later one for a revoked one, the one before for a new one",
    )
    parser.add_argument("--signed-by-passphrase-file", metavar="FILE")


def open_signing(path: str, arguments: argparse.Namespace) -> Organisation:
    """The organisation key in a key file, and whichever later generation signs in its place."""
    own = open_keyfile(path, arguments)
    if not arguments.signed_by:
        return own
    with reading(arguments.signed_by):
        return organisation.succeeded(own, open_other(arguments))


def open_other(arguments: argparse.Namespace) -> Organisation:
    """The key of the other generation that signs."""
    return open_keyfile(arguments.signed_by, argparse.Namespace(passphrase_file=arguments.signed_by_passphrase_file))


def write_new(path: str, data: bytes, *, secret: bool = False) -> None:
    """Write a file that must not be there yet: an overwritten key is a lost key."""
    target = Path(path)
    if target.exists():
        raise Unreadable(f"{path} is there already")
    target.touch(mode=0o600 if secret else 0o644)
    target.write_bytes(data)


def read_unit(path: str) -> dict[str, Any]:
    """The unit in a JSON file."""
    with reading(path):
        return statements.unit(read_json(path))


def read_keys(path: str) -> bytes:
    """Public slot keys: what `slots` printed, bare b64u or its JSON object."""
    text = read_bytes(path).decode().strip()
    with reading(path):
        if text.startswith(("{", '"')):
            loaded = json.loads(text)
            text = loaded["keys"] if isinstance(loaded, dict) else loaded
        return canonical.b64u_bytes(text, "keys")


def read_statement(path: str, v: str) -> dict[str, Any]:
    """A signed statement of kind v; one inside another command's answer is found by its kind's name."""
    value = read_json(path)
    with reading(path):
        if isinstance(value, dict) and "v" not in value and v.split("/")[0] in value:
            value = value[v.split("/")[0]]
        return statements.check(value, v=v)


def read_identities(path: str) -> Identities:
    """Trusted identity keys: `{"ORG": {"1": b64u}}`, or a list of `idk/1` statements taken as given."""
    value = read_json(path)
    with reading(path):
        pinned: dict[str, dict[int, bytes]] = {}
        if isinstance(value, list):
            for said in value:
                checked = statements.check(said, v="idk/1")
                key = canonical.b64u_bytes(checked["key"], "key", length=32)
                pinned.setdefault(checked["org"], {})[checked["gen"]] = key
            return pinned
        if not isinstance(value, dict):
            raise NotCanonical("neither a list of idk/1 nor an object")
        for org, keys in value.items():
            pinned[org] = {int(gen): canonical.b64u_bytes(key, "key", length=32) for gen, key in keys.items()}
        return pinned
