"""release, open: what happens at the opening."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proofs import canonical, envelope, manifest, releases, verdict
from proofs import statement as statements
from proofs.canonical import b64u
from proofs.commands.answer import Answer, Unreadable, read_bytes, read_json
from proofs.commands.inputs import (
    add_passphrase,
    add_signed_by,
    now,
    open_signing,
    read_identities,
    read_statement,
    reading,
)
from proofs.commands.sealing import pinned_terms, read_manifest
from proofs.organisation import Organisation, public_slot_key
from proofs.verdict import NotThisEnvelope, Terms


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    released = commands.add_parser("release", help="what its owner releases at the opening: rel/1")
    released.add_argument("keyfile", metavar="KEYFILE")
    what = released.add_mutually_exclusive_group(required=True)
    what.add_argument("--bid", metavar="BID.sbe", help="a bidder releases his half of this envelope")
    what.add_argument("--manifest", metavar="KCM.json", help="a holder releases a slot key")
    released.add_argument("--slot", type=int)
    released.add_argument("--member", type=int, help="the holder's place in the manifest")
    released.add_argument("--eid", default="", help="a holder: the envelope the slot was allotted to")
    released.add_argument("--role", default="c", choices=("c", "r"), help="a holder: opening or recovery")
    released.add_argument("--rescue", action="store_true", help="a bidder: C's polynomial, where holders fail")
    released.add_argument("--closing", default="", metavar="HASH", help="bind it to this closing")
    add_signed_by(released)
    add_passphrase(released)
    released.set_defaults(run=release)

    opened = commands.add_parser("open", help="open an envelope and say whose fault it is if it does not")
    opened.add_argument("bid", metavar="BID.sbe")
    opened.add_argument("--manifest", required=True, metavar="KCM.json")
    opened.add_argument("--cmh", metavar="HASH", help="the manifest the tender pinned")
    opened.add_argument("--log", metavar="URL", help="take the pinned manifest and policy from this site's log")
    opened.add_argument("--policy", choices=envelope.POLICIES, help="the policy the tender announced")
    opened.add_argument("--releases", required=True, metavar="RELEASES.json")
    opened.add_argument("--sub", metavar="SUB.json", help="the sub/1 it was submitted with")
    opened.add_argument("--env-sha256", metavar="HASH", help="its hash in the closing manifest")
    opened.add_argument("--identities", metavar="FILE", help="trusted identity keys")
    opened.add_argument("--rehearsal", action="store_true", help="a trial opening: slot 0")
    opened.add_argument("--out", metavar="DIR", help="write its files here")
    opened.set_defaults(run=open_bid)


def release(arguments: argparse.Namespace) -> Answer:
    """The signed `rel/1`. Does not hold when the key is not the one the envelope or manifest was made with."""
    who = open_signing(arguments.keyfile, arguments)
    with reading("release"):
        if arguments.bid:
            said = _bidder(who, arguments)
        elif arguments.slot is None or arguments.member is None:
            raise ValueError("--manifest needs --slot and --member")
        else:
            said = _holder(who, arguments)
    if said is None:
        return Answer(holds=False, data={"error": "this key file is not the one it was made with"})
    return Answer(data=said, lines=(canonical.dumps(said).decode(),))


def open_bid(arguments: argparse.Namespace) -> Answer:
    """The verdict, and the files when it is OK."""
    kcm = read_bytes(arguments.manifest)
    given = read_json(arguments.releases)
    sub = read_statement(arguments.sub, "sub/1") if arguments.sub else None
    identities = read_identities(arguments.identities) if arguments.identities else None
    with reading(arguments.releases):
        released = releases.from_json(given)
    terms = _terms(arguments, kcm)
    with Path(arguments.bid).open("rb") as source:
        try:
            opened = verdict.open_envelope(
                source,
                kcm,
                released,
                terms=terms,
                env_sha256=arguments.env_sha256,
                sub=sub,
                identities=identities,
            )
        except NotThisEnvelope as wrong:
            return Answer(holds=False, data={"verdict": None, "findings": [str(wrong)], "files": []})
    try:
        written = opened.extract(Path(arguments.out)) if arguments.out else []
    finally:
        opened.close()
    return _told(opened, written, authenticated=identities is not None)


def _told(opened: verdict.Opened, written: list[Path], *, authenticated: bool) -> Answer:
    files = list(opened.index["files"]) if opened.index else []
    data: dict[str, Any] = {
        "verdict": str(opened.verdict),
        "findings": [found if isinstance(found, str) else list(found) for found in opened.findings],
        "files": files,
        "sheet": dict(opened.sheet),
        "org": opened.index["org"] if opened.index else None,
        "eid": opened.index["eid"] if opened.index else None,
        "authenticated": authenticated and opened.index is not None,
    }
    lines = [str(opened.verdict), *(_finding(found) for found in opened.findings)]
    lines += [f"{key}: {value}" for key, value in opened.sheet.items()]
    lines += [str(path) for path in written]
    return Answer(holds=opened.verdict is verdict.Verdict.OK, data=data, lines=tuple(lines))


def _finding(found: verdict.Finding) -> str:
    return found if isinstance(found, str) else f"{found[0]}({' '.join(str(part) for part in found[1:])})"


def _terms(arguments: argparse.Namespace, kcm: bytes) -> Terms:
    cmh, policy = arguments.cmh, arguments.policy
    if arguments.log:
        with reading("--log"):
            pinned = pinned_terms(arguments.log, manifest.parse(kcm).unit)
        cmh, policy = cmh or pinned[0], policy or pinned[1]
    with reading("--cmh"):
        return Terms(cmh and canonical.hex_bytes(cmh, 32, "cmh"), policy, arguments.rehearsal)


def _bidder(who: Organisation, arguments: argparse.Namespace) -> dict[str, Any] | None:
    with Path(arguments.bid).open("rb") as source:
        header = envelope.read_header(source)
    context: Mapping[str, Any] = {"unit": header.unit, "cmh": header.cmh, "slot": header.slot, "eid": header.eid}
    b = who.half(**context)
    common = {"unit": dict(header.unit), "eid": header.eid.hex(), "closing": arguments.closing}
    if envelope.half_commitment("b", header.eid, b) != header.bcm:
        return None
    if not arguments.rescue:
        return statements.sign("rel/1", {**common, "role": "b", "b": b64u(b)}, by=who, ts=now())
    polynomial = [b64u(a) for a in who.polynomial(header.c.k, **context)]
    return statements.sign("rel/1", {**common, "role": "rescue", "rescue": polynomial}, by=who, ts=now())


def _holder(who: Organisation, arguments: argparse.Namespace) -> dict[str, Any] | None:
    kcm = read_manifest(arguments.manifest, None)
    committee = kcm.c if arguments.role == "c" else kcm.r
    if committee is None or not 1 <= arguments.member <= committee.n or not 0 <= arguments.slot < kcm.slots:
        raise Unreadable("the manifest has no such member or slot")
    sk = who.slot_key(unit=kcm.unit, role=arguments.role, slot=arguments.slot)
    if public_slot_key(sk) != committee.members[arguments.member - 1].key(arguments.slot):
        return None
    fields = {
        "unit": dict(kcm.unit),
        "eid": arguments.eid,
        "role": arguments.role,
        "closing": arguments.closing,
        "i": arguments.member,
        "slot": arguments.slot,
        "sk": b64u(sk),
    }
    return statements.sign("rel/1", fields, by=who, ts=now())
