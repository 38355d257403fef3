"""manifest, seal, withdraw, inspect: what happens before the deadline."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proofs import envelope, manifest
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.checkpoint import Policy
from proofs.commands.answer import Answer, Unreadable, read_bytes, read_json
from proofs.commands.inputs import add_passphrase, now, open_keyfile, read_keys, read_unit, reading, write_new
from proofs.doors import Doors, Unreachable
from proofs.index import File
from proofs.manifest import Manifest
from proofs.mirror import Mirror


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    built = commands.add_parser("manifest", help="the key-committee manifest of a unit")
    built.add_argument("--unit", required=True, metavar="UNIT.json")
    built.add_argument("--k", required=True, type=int)
    built.add_argument("--member", action="append", required=True, metavar="ID=KEYS.json")
    built.add_argument("--recovery-k", type=int, help="policy B: how many recover an absent bidder's half")
    built.add_argument("--recovery-member", action="append", default=[], metavar="ID=KEYS.json")
    built.add_argument("--out", required=True, metavar="KCM.json")
    built.set_defaults(run=build_manifest)

    sealed = commands.add_parser("seal", help="seal one unit of a bid")
    sealed.add_argument("--manifest", required=True, metavar="KCM.json")
    sealed.add_argument("--cmh", metavar="HASH", help="refuse a manifest with another hash")
    sealed.add_argument("--log", metavar="URL", help="refuse a manifest other than the one in this site's log")
    sealed.add_argument("--slot", required=True, type=int)
    sealed.add_argument("--policy", default="A", choices=envelope.POLICIES)
    sealed.add_argument("--index", required=True, metavar="INDEX.json", help='{"sheet": {…}} and, if wanted, "ts"')
    sealed.add_argument("files", nargs="*", metavar="FILE")
    sealed.add_argument("--out", required=True, metavar="BID.sbe")
    sealed.add_argument("--keyfile", required=True, metavar="ORG.key")
    sealed.add_argument("--seq", type=int, default=1, help="the version this sub/1 submits")
    sealed.add_argument("--replaces", metavar="HASH", help="env_sha256 of the version before")
    add_passphrase(sealed)
    sealed.set_defaults(run=seal)

    withdrawn = commands.add_parser("withdraw", help="sign the withdrawal of an envelope")
    withdrawn.add_argument("bid", metavar="BID.sbe")
    withdrawn.add_argument("--keyfile", required=True, metavar="ORG.key")
    withdrawn.add_argument("--seq", type=int, required=True, help="one more than the last version's")
    add_passphrase(withdrawn)
    withdrawn.set_defaults(run=withdraw)

    inspected = commands.add_parser("inspect", help="an envelope's header, and whether it is valid")
    inspected.add_argument("bid", metavar="BID.sbe")
    inspected.add_argument("--manifest", metavar="KCM.json")
    inspected.add_argument("--policy", choices=envelope.POLICIES)
    inspected.set_defaults(run=inspect)


def build_manifest(arguments: argparse.Namespace) -> Answer:
    """Put a committee's slot keys together."""
    unit = read_unit(arguments.unit)
    members = [_member(given) for given in arguments.member]
    recovery = [_member(given) for given in arguments.recovery_member]
    with reading("manifest"):
        if bool(recovery) != bool(arguments.recovery_k):
            raise ValueError("--recovery-k and --recovery-member go together")
        built = manifest.build(
            unit=unit, k=arguments.k, members=members, recovery=(arguments.recovery_k, recovery) if recovery else None
        )
    write_new(arguments.out, built.data)
    return Answer(data={"cmh": built.cmh.hex(), "k": built.c.k, "n": built.c.n, "slots": built.slots})


def seal(arguments: argparse.Namespace) -> Answer:
    """Seal one unit, check that it opens again by the bidder's own rescue, and sign its `sub/1`."""
    kcm = read_manifest(arguments.manifest, arguments.cmh)
    if arguments.log:
        with reading("--log"):
            pinned = pinned_terms(arguments.log, kcm.unit)
            if pinned != (kcm.cmh.hex(), arguments.policy):
                raise ValueError(f"the terms in the log pin manifest {pinned[0]} and policy {pinned[1]}")
    given = read_json(arguments.index)
    who = open_keyfile(arguments.keyfile, arguments)
    if Path(arguments.out).exists():
        raise Unreadable(f"{arguments.out} is there already")
    files = [File(Path(path).name, Path(path)) for path in arguments.files]
    with reading("seal"):
        if not isinstance(given, dict) or not isinstance(given.get("sheet", {}), dict):
            raise ValueError(f"{arguments.index}: not an object with a sheet")
        with Path(arguments.out).open("w+b") as target:
            try:
                made = envelope.seal(
                    target,
                    by=who,
                    manifest=kcm,
                    slot=arguments.slot,
                    policy=arguments.policy,
                    sheet=given.get("sheet", {}),
                    files=files,
                    ts=given.get("ts") or now(),
                )
            except NotCanonical:
                Path(arguments.out).unlink()
                raise
        fields = {
            "unit": dict(kcm.unit),
            "eid": made.eid,
            "slot": arguments.slot,
            "cmh": kcm.cmh.hex(),
            "env_sha256": made.env_sha256,
            "size": made.size,
            "seq": arguments.seq,
            "replaces": arguments.replaces,
        }
        said = statements.sign("sub/1", fields, by=who, ts=now())
    return Answer(
        data={"eid": made.eid, "env_sha256": made.env_sha256, "size": made.size, "slot": arguments.slot, "sub": said},
        lines=(f"{arguments.out}: {made.size} bytes", f"eid {made.eid}", f"sha256 {made.env_sha256}"),
    )


def withdraw(arguments: argparse.Namespace) -> Answer:
    """The signed `wd/1`."""
    with Path(arguments.bid).open("rb") as source, reading(arguments.bid):
        header = envelope.read_header(source)
    who = open_keyfile(arguments.keyfile, arguments)
    with reading("withdraw"):
        fields = {"unit": dict(header.unit), "eid": header.eid.hex(), "seq": arguments.seq}
        said = statements.sign("wd/1", fields, by=who, ts=now())
    return Answer(data=said)


def inspect(arguments: argparse.Namespace) -> Answer:
    """The header, and `validate` against a manifest where one is given."""
    with Path(arguments.bid).open("rb") as source, reading(arguments.bid):
        header = envelope.read_header(source)
    wrong: tuple[str, ...] = ()
    if arguments.manifest:
        kcm = read_manifest(arguments.manifest, None)
        wrong = envelope.why_not_valid(header, kcm, policy=arguments.policy, rehearsal=header.slot == 0)
    data = {"header": header.fields(), "valid": not wrong if arguments.manifest else None, "problems": list(wrong)}
    return Answer(holds=not wrong, data=data)


def read_manifest(path: str, cmh: str | None) -> Manifest:
    """The manifest in a file, with this hash if one is given."""
    data = read_bytes(path)
    with reading(path):
        kcm = manifest.parse(data)
        if cmh not in (None, kcm.cmh.hex()):
            raise ValueError(f"has hash {kcm.cmh.hex()}, not {cmh}")
    return kcm


def pinned_terms(base: str, unit: Mapping[str, Any]) -> tuple[str, str]:
    """The manifest hash and policy that a site's log pins for a unit, every entry checked against its signed root."""
    site = Doors(base)
    try:
        events = Mirror(site.log, site.vkey("log"), Policy()).grow()
    except Unreachable as away:
        raise Unreadable(str(away)) from away
    stream = f"project/{unit['tender']}"
    for event in reversed(events):
        if event["t"] == "tender.terms" and event["d"]["stream"] == stream:
            return str(event["d"]["units"][unit["part"]]), str(event["d"]["pol"])
    raise Unreadable(f"{base}: its log has no terms of {unit['tender']}")


def _member(given: str) -> tuple[str, bytes]:
    org, equals, path = given.partition("=")
    if not equals:
        raise Unreadable(f"--member {given}: not ID=KEYS.json")
    return org, read_keys(path)
