"""keygen, sheet, restore, identity, sign, slots: an organisation and its seed."""

import argparse
from typing import Any

from proofs import canonical, keyfile, organisation
from proofs import statement as statements
from proofs.commands.answer import Answer, read_bytes, read_json
from proofs.commands.inputs import (
    add_passphrase,
    add_signed_by,
    now,
    open_keyfile,
    open_other,
    passphrase,
    read_unit,
    reading,
    write_new,
)
from proofs.organisation import Organisation


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    made = commands.add_parser("keygen", help="a new organisation key as a key file")
    restored = commands.add_parser("restore", help="a key file from a recovery sheet")
    for parser, run in ((made, keygen), (restored, restore)):
        parser.add_argument("--org", required=True, metavar="CODE", help="统一社会信用代码")
        parser.add_argument("--gen", type=int, default=1)
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.set_defaults(run=run)
        add_passphrase(parser)
    restored.add_argument("--sheet", default="-", metavar="FILE", help="the 56 characters (default: standard input)")

    for name, run, told in (
        ("sheet", sheet, "print the recovery sheet: the bare seed, lock it away"),
        ("identity", identity, "print the public identity key"),
        ("sign", sign, "sign a statement"),
        ("slots", slots, "print public slot keys for a unit"),
    ):
        parser = commands.add_parser(name, help=told)
        parser.add_argument("keyfile", metavar="KEYFILE")
        parser.set_defaults(run=run)
        add_passphrase(parser)
        if name == "identity":
            parser.add_argument("--statement", action="store_true", help="print the signed idk/1 that registers it")
            add_signed_by(parser)
        if name == "sign":
            parser.add_argument("statement", metavar="STATEMENT.json")
        if name == "slots":
            parser.add_argument("--unit", required=True, metavar="UNIT.json")
            parser.add_argument("--role", default="c", choices=("c", "r", "d"))
            parser.add_argument("--count", type=int, default=64)


def keygen(arguments: argparse.Namespace) -> Answer:
    """A new seed as a key file."""
    with reading("keygen"):
        made = organisation.generate(arguments.org, arguments.gen)
    return _saved(made, arguments)


def restore(arguments: argparse.Namespace) -> Answer:
    """The key file a recovery sheet gives back, under a new passphrase."""
    text = read_bytes(arguments.sheet).decode()
    with reading("recovery sheet"):
        made = Organisation(arguments.org, arguments.gen, organisation.seed_from_sheet(text))
    return _saved(made, arguments)


def sheet(arguments: argparse.Namespace) -> Answer:
    """The recovery sheet in groups of four."""
    who = open_keyfile(arguments.keyfile, arguments)
    letters = organisation.recovery_sheet(who.seed)
    grouped = " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    return Answer(data={"org": who.org, "gen": who.gen, "sheet": letters}, lines=(grouped,))


def identity(arguments: argparse.Namespace) -> Answer:
    """The public identity key, or the statement that registers it."""
    who = open_keyfile(arguments.keyfile, arguments)
    key = canonical.b64u(who.key)
    if arguments.statement:
        by, ts = open_other(arguments) if arguments.signed_by else who, now()
        told = {"key": key, "not_before": ts, "v": "idk/1", "org": who.org, "gen": who.gen, "ts": ts}
        return _printed({**told, "sig": canonical.b64u(by.sign(statements.message(told)))})
    return Answer(data={"org": who.org, "gen": who.gen, "key": key}, lines=(key,))


def sign(arguments: argparse.Namespace) -> Answer:
    """The signed statement. Its kind is the file's `v`; org, gen and ts are filled in where missing."""
    who = open_keyfile(arguments.keyfile, arguments)
    given = read_json(arguments.statement)
    with reading(arguments.statement):
        fields = {key: value for key, value in given.items() if key not in ("v", "org", "gen", "ts", "sig")}
        if (given.get("org", who.org), given.get("gen", who.gen)) != (who.org, who.gen):
            raise ValueError("names another organisation or generation than the key file")
        return _printed(statements.sign(given["v"], fields, by=who, ts=given.get("ts") or now()))


def slots(arguments: argparse.Namespace) -> Answer:
    """Public slot keys and the `slots/1` that posts them. For a draw (role d) the first is dealer 1's."""
    who = open_keyfile(arguments.keyfile, arguments)
    unit = read_unit(arguments.unit)
    with reading("slots"):
        first = 1 if arguments.role == "d" else 0
        keys = who.slot_keys(unit=unit, role=arguments.role, count=arguments.count, first=first)
        fields = {
            "unit": unit,
            "role": arguments.role,
            "n": arguments.count,
            "keys_sha256": canonical.sha256(keys).hex(),
        }
        said = statements.sign("slots/1", fields, by=who, ts=now())
    encoded = canonical.b64u(keys)
    return Answer(data={"keys": encoded, "statement": said}, lines=(encoded,))


def _saved(made: Organisation, arguments: argparse.Namespace) -> Answer:
    write_new(arguments.out, keyfile.seal(made, passphrase(arguments, twice=True)).encode(), secret=True)
    return Answer(
        data={"org": made.org, "gen": made.gen, "key": canonical.b64u(made.key), "keyfile": arguments.out},
        lines=(f"{arguments.out}: {made.org} generation {made.gen}", f"identity key {canonical.b64u(made.key)}"),
    )


def _printed(said: dict[str, Any]) -> Answer:
    return Answer(data=said, lines=(canonical.dumps(said).decode(),))
