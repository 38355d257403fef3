"""The verdict on an envelope: a function of envelope, manifest, terms, `sub/1`, trusted keys and releases alone.

Everyone runs this same function and gets the same answer, whoever attends: if one k-subset of members is enough to
find a fault, every other k-subset finds it too.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from proofs import envelope, index, manifest, sharing
from proofs import statement as statements
from proofs.canonical import NotCanonical
from proofs.envelope import Dealing, Header
from proofs.manifest import Committee, Manifest
from proofs.releases import Releases

_IN_MEMORY = 64 * 2**20


class Verdict(StrEnum):
    OK = "OK"
    ABSENT = "ABSENT"
    BAD_BIDDER_HALF = "BAD_BIDDER_HALF"
    INSUFFICIENT = "INSUFFICIENT"
    BAD_RESCUE = "BAD_RESCUE"
    HEADER = "INVALID:HEADER"
    MANIFEST = "INVALID:MANIFEST"
    BAD_DEAL = "INVALID:BAD_DEAL"
    CCM = "INVALID:CCM"
    PAYLOAD = "INVALID:PAYLOAD"
    INDEX = "INVALID:INDEX"
    SIGNATURE = "INVALID:SIGNATURE"


UNAUTHENTICATED = "unauthenticated"

# ("WRONG_KEY", role, i), ("BAD_SHARE", role, i), ("BAD_DEAL", "r"), or UNAUTHENTICATED.
Finding = tuple[str | int, ...] | str
# organisation ↦ generation ↦ public identity key
Identities = Mapping[str, Mapping[int, bytes]]


class NotThisEnvelope(Exception):
    """The stored bytes are not those whose hash was promised: the keeper's fault, and no verdict on the bidder."""


@dataclass(frozen=True)
class Terms:
    """What the notice pinned: the manifest's hash and the policy. `rehearsal`: a trial opening at slot 0."""

    cmh: bytes | None = None
    policy: str | None = None
    rehearsal: bool = False


@dataclass(frozen=True)
class Halves:
    """The answer of steps 1–4 above the payload: a key, or the verdict that stands in its way."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    dek: bytes | None = field(default=None, repr=False)


@dataclass
class Opened:
    """The verdict, who is to blame for what, and what was inside. Close it: the plaintext may be a file."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    index: Mapping[str, Any] | None = None
    plaintext: BinaryIO | None = None

    @property
    def sheet(self) -> Mapping[str, Any]:
        """What is read out; empty unless OK."""
        return self.index["sheet"] if self.index else {}

    def extract(self, folder: Path) -> list[Path]:
        """Write the files into a folder. Nothing is written unless OK."""
        if self.index is None or self.plaintext is None:
            return []
        return index.extract(self.plaintext, self.index, folder)

    def close(self) -> None:
        if self.plaintext is not None:
            self.plaintext.close()


def open_envelope(
    source: BinaryIO,
    kcm: bytes,
    releases: Releases,
    *,
    terms: Terms | None = None,
    env_sha256: str | None = None,
    sub: Mapping[str, Any] | None = None,
    sub_signed: bool = False,
    identities: Identities | None = None,
) -> Opened:
    """Open one envelope and say whose fault it is where it does not open.

    env_sha256: its hash in the closing manifest (the sub's, where only that is given); checked before all else, or an
    edited header could frame a member.  sub_signed: the caller has verified the sub's signature.  identities: the
    trusted identity keys; without them the arithmetic alone is checked and the findings say `unauthenticated`.
    Raises NotThisEnvelope when the bytes have another hash.
    """
    promised = env_sha256 or (sub["env_sha256"] if sub else None)
    if promised is not None and file_sha256(source) != promised:
        raise NotThisEnvelope("the envelope's bytes are not the ones whose hash was promised")
    source.seek(0)
    try:
        header = envelope.read_header(source)
    except NotCanonical:
        return Opened(Verdict.HEADER)
    halves = unlock(header, kcm, releases, terms or Terms())
    if halves.dek is None:
        return Opened(halves.verdict, halves.findings)
    plaintext = decrypt(source, header, halves.dek)
    if plaintext is None:
        return Opened(Verdict.PAYLOAD, halves.findings)
    verdict, findings, inside = _judge_index(plaintext, header, sub, sub_signed, identities)
    if verdict is not Verdict.OK:
        plaintext.close()
        return Opened(verdict, halves.findings + findings)
    return Opened(verdict, halves.findings + findings, inside, plaintext)


def unlock(header: Header, kcm: bytes, releases: Releases, terms: Terms) -> Halves:
    """The payload key from the releases, or the verdict that stands in its way."""
    try:
        committee = manifest.parse(kcm)
    except NotCanonical:
        return Halves(Verdict.MANIFEST)
    if header.cmh != committee.cmh or terms.cmh not in (None, committee.cmh):
        return Halves(Verdict.MANIFEST)
    if envelope.why_not_valid(header, committee, policy=terms.policy, rehearsal=terms.rehearsal):
        return Halves(Verdict.HEADER)
    bidder = _bidder_half(header, committee, releases)
    if bidder.dek is None:
        return bidder
    holders = _committee_half(header, committee, releases)
    findings = bidder.findings + holders.findings
    if holders.dek is None:
        return Halves(holders.verdict, findings)
    return Halves(Verdict.OK, findings, envelope.payload_key(header.eid, bidder.dek, holders.dek))


def decrypt(source: BinaryIO, header: Header, dek: bytes) -> BinaryIO | None:
    """The whole authenticated plaintext, or None when any byte of the payload is not what was sealed."""
    plaintext: BinaryIO = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115 (the caller closes it)
    decryptor = Cobblestone256Decryptor(dek, envelope.payload_context(header.prefix))
    try:
        for block in index.blocks(source):
            plaintext.write(decryptor.update(block))
        plaintext.write(decryptor.finalize())
    except (InvalidTag, ValueError):
        plaintext.close()
        return None
    plaintext.seek(0)
    return plaintext


def file_sha256(source: BinaryIO) -> str:
    """The SHA-256 of a whole file in hex."""
    source.seek(0)
    digest = hashlib.sha256()
    for block in index.blocks(source):
        digest.update(block)
    return digest.hexdigest()


def _bidder_half(header: Header, committee: Manifest, releases: Releases) -> Halves:
    """B (as `dek`): released, recovered under policy B, or none at all under policy C."""
    b = releases.b
    if b is None and header.pol == "C":
        b = envelope.NO_HALF
    if b is not None:
        if envelope.half_commitment("b", header.eid, b) != header.bcm:
            return Halves(Verdict.BAD_BIDDER_HALF)
        return Halves(Verdict.OK, dek=b)
    if header.r is None or committee.r is None:
        return Halves(Verdict.ABSENT)
    good, findings = _good_shares("r", header, header.r, committee.r, releases.r)
    if len(good) < header.r.k:
        return Halves(Verdict.ABSENT, findings)
    polynomial = sharing.recover(dict(islice(good.items(), header.r.k)))
    dealt = _matches_all("r", header, header.r, polynomial)
    if not dealt or envelope.half_commitment("b", header.eid, polynomial[0]) != header.bcm:
        return Halves(Verdict.BAD_DEAL, (*findings, ("BAD_DEAL", "r")))
    return Halves(Verdict.OK, findings, polynomial[0])


def _committee_half(header: Header, committee: Manifest, releases: Releases) -> Halves:
    """C (as `dek`): from k good shares, or from the bidder's own rescue, which must match every commitment."""
    good, findings = _good_shares("c", header, header.c, committee.c, releases.c)
    if len(good) >= header.c.k:
        polynomial = sharing.recover(dict(islice(good.items(), header.c.k)))
        if not _matches_all("c", header, header.c, polynomial):
            return Halves(Verdict.BAD_DEAL, findings)
    elif releases.rescue is not None:
        polynomial = list(releases.rescue)
        if len(polynomial) != header.c.k or not _matches_all("c", header, header.c, polynomial):
            return Halves(Verdict.BAD_RESCUE, findings)
    else:
        return Halves(Verdict.INSUFFICIENT, findings)
    if envelope.half_commitment("c", header.eid, polynomial[0]) != header.ccm:
        return Halves(Verdict.CCM, findings)
    return Halves(Verdict.OK, findings, polynomial[0])


def _good_shares(
    role: str, header: Header, dealing: Dealing, committee: Committee, released: Mapping[int, bytes]
) -> tuple[dict[int, bytes], tuple[Finding, ...]]:
    """The shares that open to their commitments, and who is to blame for the others.

    A key that is not the manifest's is its member's fault; a share that the genuine key does not open to its
    commitment is the bidder's.
    """
    good: dict[int, bytes] = {}
    findings: list[Finding] = []
    for i in sorted(released):
        private = X25519PrivateKey.from_private_bytes(released[i])
        own = private.public_key().public_bytes_raw()
        if not 1 <= i <= committee.n or own != committee.members[i - 1].key(header.slot):
            findings.append(("WRONG_KEY", role, i))
            continue
        share = envelope.open_share(role, header, dealing.s[i - 1], private)
        if share is None or len(share) != sharing.LENGTH:
            findings.append(("BAD_SHARE", role, i))
        else:
            good[i] = share
    return good, tuple(findings)


def _matches_all(role: str, header: Header, dealing: Dealing, polynomial: list[bytes]) -> bool:
    shares = sharing.shares(polynomial, dealing.n)
    return all(envelope.share_commitment(role, header.eid, s.i, shares[s.i - 1]) == s.m for s in dealing.s)


def _judge_index(
    plaintext: BinaryIO,
    header: Header,
    sub: Mapping[str, Any] | None,
    sub_signed: bool,
    identities: Identities | None,
) -> tuple[Verdict, tuple[Finding, ...], Mapping[str, Any] | None]:
    try:
        inside = index.read(plaintext)
    except NotCanonical:
        return Verdict.INDEX, (), None
    if inside["eid"] != header.eid.hex() or inside["unit"] != header.unit:
        return Verdict.INDEX, (), None
    if sub is not None:
        if (sub["eid"], sub["unit"]) != (inside["eid"], inside["unit"]):
            return Verdict.INDEX, (), None
        if (sub["org"], sub["gen"]) != (inside["org"], inside["gen"]):
            return Verdict.SIGNATURE, (), None
    if identities is None:
        return Verdict.OK, (UNAUTHENTICATED,), inside
    key = identities.get(inside["org"], {}).get(inside["gen"])
    unproven = [inside] if sub is None or sub_signed else [inside, sub]
    if key is None or not all(statements.verify(said, key) for said in unproven):
        return Verdict.SIGNATURE, (), None
    return Verdict.OK, (), inside
