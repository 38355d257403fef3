"""The sealed envelope SBE1: a canonical header and a Cobblestone-256 payload.

    file = "SBE1" ‖ u32 len(header) ‖ header ‖ Cobblestone-256(DEK, context = "sbe1/payload\\0" ‖ H(P), plaintext)

P is everything before the payload. DEK needs B, the bidder's half, and C, shared among the key holders; the header
commits to both and to every share, so that whose fault a failure is can be re-run by anyone.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from cryptography.cobblestone import Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from proofs import canonical, index, sharing
from proofs import statement as statements
from proofs.canonical import NotCanonical, sha256
from proofs.manifest import Committee, Manifest
from proofs.organisation import Organisation, u16

MAGIC = b"SBE1"
LONGEST_HEADER = 262_144
POLICIES = ("A", "B", "C")
NO_HALF = bytes(32)
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEYS = ("v", "suite", "eid", "unit", "cmh", "slot", "pol", "bcm", "ccm", "c", "r")


def half_commitment(half: str, eid: bytes, secret: bytes) -> bytes:
    """bcm (half "b") or ccm (half "c")."""
    return sha256(b"sbe1/half\0", half.encode(), eid, secret)


def share_commitment(role: str, eid: bytes, i: int, share: bytes) -> bytes:
    """cm_i."""
    return sha256(b"sbe1/share\0", role.encode(), eid, bytes([i]), share)


def payload_key(eid: bytes, b: bytes, c: bytes) -> bytes:
    """DEK."""
    return HKDF(SHA256(), 32, eid, b"sbe1/dek").derive(b + c)


def payload_context(prefix: bytes) -> bytes:
    """What binds the payload to everything before it."""
    return b"sbe1/payload\0" + sha256(prefix)


class Share(NamedTuple):
    """One member's share in a header: HPKE ciphertext and commitment."""

    i: int
    e: bytes
    m: bytes


@dataclass(frozen=True)
class Dealing:
    """The shares of C (role c) or of B (role r)."""

    k: int
    n: int
    s: tuple[Share, ...]


@dataclass(frozen=True)
class Header:
    """A parsed header. `prefix` is P: magic, length and header bytes."""

    prefix: bytes
    eid: bytes
    unit: Mapping[str, Any]
    cmh: bytes
    slot: int
    pol: str
    bcm: bytes
    ccm: bytes
    c: Dealing
    r: Dealing | None

    def fields(self) -> dict[str, Any]:
        """The header as JSON values."""
        return canonical.parse_object(self.prefix[8:])


def read_header(source: BinaryIO) -> Header:
    """The header at the head of an envelope; the source is left at the payload.

    Refused (NotCanonical) when it is not exactly an SBE1 header.
    """
    start = source.read(8)
    length = int.from_bytes(start[4:], "big")
    if len(start) != 8 or start[:4] != MAGIC or not 0 < length <= LONGEST_HEADER:
        raise NotCanonical("not an SBE1 envelope")
    data = source.read(length)
    if len(data) != length:
        raise NotCanonical("envelope: shorter than its header")
    return _header(start + data)


def why_not_valid(
    header: Header, manifest: Manifest, *, policy: str | None = None, rehearsal: bool = False
) -> tuple[str, ...]:
    """Reasons why a header may not be sealed under this manifest: `validate` of `docs/proofs.md`; needs no secret.

    policy: the tender's, where known.  rehearsal: slot 0 is the trial opening's, and only the trial opening's.
    """
    wrong = []
    if header.cmh != manifest.cmh:
        wrong.append("cmh: sealed under another manifest")
    if header.unit != manifest.unit:
        wrong.append("unit: not the manifest's")
    if policy is not None and header.pol != policy:
        wrong.append(f"pol: {header.pol}, the tender says {policy}")
    if not (header.slot == 0 if rehearsal else 1 <= header.slot < manifest.slots):
        wrong.append("slot: out of range")
    # A bidder must not choose his own threshold.
    if (header.c.k, header.c.n) != (manifest.c.k, manifest.c.n):
        wrong.append("c: k and n are not the manifest's")
    if (header.r is not None) != (header.pol == "B"):
        wrong.append("r: exactly under policy B")
    if header.r and (manifest.r is None or (header.r.k, header.r.n) != (manifest.r.k, manifest.r.n)):
        wrong.append("r: k and n are not the manifest's")
    if header.pol == "C" and header.bcm != half_commitment("b", header.eid, NO_HALF):
        wrong.append("bcm: policy C has no bidder half")
    return tuple(wrong)


@dataclass(frozen=True)
class Sealed:
    """What sealing tells: the envelope's id, SHA-256 and size, its header and index."""

    eid: str
    env_sha256: str
    size: int
    header: Header
    index: Mapping[str, Any]


def seal(
    target: BinaryIO,
    *,
    by: Organisation,
    manifest: Manifest,
    slot: int,
    policy: str,
    sheet: Mapping[str, Any],
    files: Sequence[index.File],
    ts: str,
    eid: bytes | None = None,
    rehearsal: bool = False,
) -> Sealed:
    """Seal one unit of a bid into target, block by block.

    Refused (NotCanonical) when the slot, policy or index does not fit the manifest.
    """
    eid = eid or secrets.token_bytes(16)
    made = index.build(unit=manifest.unit, eid=eid.hex(), sheet=sheet, files=files, by=by, ts=ts)
    unit, cmh = manifest.unit, manifest.cmh
    b = NO_HALF if policy == "C" else by.half(unit=unit, cmh=cmh, slot=slot, eid=eid)
    polynomial = by.polynomial(manifest.c.k, unit=unit, cmh=cmh, slot=slot, eid=eid)
    header = deal(manifest=manifest, slot=slot, policy=policy, eid=eid, b=b, polynomial=polynomial)
    wrong = why_not_valid(header, manifest, policy=policy, rehearsal=rehearsal)
    if wrong:
        raise NotCanonical("; ".join(wrong))
    digest, size = write(target, header, payload_key(eid, b, polynomial[0]), index.plaintext(made, files))
    return Sealed(eid.hex(), digest, size, header, made)


def deal(*, manifest: Manifest, slot: int, policy: str, eid: bytes, b: bytes, polynomial: Sequence[bytes]) -> Header:
    """The header: C dealt to the committee and, under policy B, B to the recovery committee."""
    recovery = None
    if policy == "B":
        if manifest.r is None:
            raise NotCanonical("pol: this manifest has no recovery committee")
        secrets_of_b = [b, *(secrets.token_bytes(32) for _ in range(manifest.r.k - 1))]
        recovery = _dealt("r", manifest, manifest.r, slot, eid, secrets_of_b)
    fields = {
        "v": "sbe/1",
        "suite": "i1",
        "eid": eid.hex(),
        "unit": dict(manifest.unit),
        "cmh": manifest.cmh.hex(),
        "slot": slot,
        "pol": policy,
        "bcm": half_commitment("b", eid, b).hex(),
        "ccm": half_commitment("c", eid, polynomial[0]).hex(),
        "c": _dealt("c", manifest, manifest.c, slot, eid, polynomial),
        "r": recovery,
    }
    data = canonical.dumps(fields)
    return _header(MAGIC + len(data).to_bytes(4, "big") + data)


def write(target: BinaryIO, header: Header, dek: bytes, plaintext: Iterable[bytes]) -> tuple[str, int]:
    """Write an envelope. Returns its SHA-256 in hex and its size."""
    encryptor = Cobblestone256Encryptor(dek, payload_context(header.prefix))
    counted = _Counted(target.write)
    counted(header.prefix)
    for block in plaintext:
        counted(encryptor.update(block))
    counted(encryptor.finalize())
    return counted.digest.hexdigest(), counted.size


def open_share(role: str, header: Header, share: Share, private: X25519PrivateKey) -> bytes | None:
    """A share opened with its member's private slot key, or None when it does not open to its commitment.

    The key must be the manifest's, or the answer says nothing about whose fault it is.
    """
    try:
        opened = _HPKE.decrypt(share.e, private, _info(role, header, share.i))
    except (InvalidTag, ValueError):
        return None
    return opened if share_commitment(role, header.eid, share.i, opened) == share.m else None


def _info(role: str, header: Header, i: int) -> bytes:
    return b"sbe1/seal\0" + role.encode() + header.eid + header.cmh + u16(header.slot) + bytes([i])


def _dealt(
    role: str, manifest: Manifest, committee: Committee, slot: int, eid: bytes, polynomial: Sequence[bytes]
) -> dict[str, Any]:
    listed = []
    for member, share in zip(committee.members, sharing.shares(polynomial, committee.n), strict=True):
        info = b"sbe1/seal\0" + role.encode() + eid + manifest.cmh + u16(slot) + bytes([member.i])
        sealed = _HPKE.encrypt(share, X25519PublicKey.from_public_bytes(member.key(slot)), info)
        commitment = share_commitment(role, eid, member.i, share)
        listed.append({"i": member.i, "e": canonical.b64u(sealed), "m": commitment.hex()})
    return {"k": committee.k, "n": committee.n, "s": listed}


def _header(prefix: bytes) -> Header:
    named = canonical.require_keys(canonical.parse(prefix[8:]), _KEYS, "header")
    if (named["v"], named["suite"]) != ("sbe/1", "i1"):
        raise NotCanonical("header: not sbe/1 of suite i1")
    if named["pol"] not in POLICIES:
        raise NotCanonical("header.pol: not one of A, B, C")
    unit = statements.unit(named["unit"], "header.unit")
    if "part" not in unit:
        raise NotCanonical("header.unit: no part of a tender")
    return Header(
        prefix=prefix,
        eid=canonical.hex_bytes(named["eid"], 16, "eid"),
        unit=unit,
        cmh=canonical.hex_bytes(named["cmh"], 32, "cmh"),
        slot=canonical.integer(named["slot"], 0, 65_535, "slot"),
        pol=named["pol"],
        bcm=canonical.hex_bytes(named["bcm"], 32, "bcm"),
        ccm=canonical.hex_bytes(named["ccm"], 32, "ccm"),
        c=_dealing(named["c"], "c"),
        r=None if named["r"] is None else _dealing(named["r"], "r"),
    )


def _dealing(value: Any, role: str) -> Dealing:
    named = canonical.require_keys(value, ("k", "n", "s"), f"header.{role}")
    n = canonical.integer(named["n"], 2, 20, "n")
    k = canonical.integer(named["k"], 2, n, "k")
    if not isinstance(named["s"], list) or len(named["s"]) != n:
        raise NotCanonical(f"header.{role}.s: not {n} shares")
    shares = []
    for i, share in enumerate(named["s"], start=1):
        canonical.require_keys(share, ("i", "e", "m"), f"header.{role}.s")
        canonical.integer(share["i"], i, i, "i")
        e = canonical.b64u_bytes(share["e"], "e", length=80)
        shares.append(Share(i, e, canonical.hex_bytes(share["m"], 32, "m")))
    return Dealing(k, n, tuple(shares))


class _Counted:
    """Writes on, hashing and counting."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self._write, self.digest, self.size = write, hashlib.sha256(), 0

    def __call__(self, data: bytes) -> None:
        self._write(data)
        self.digest.update(data)
        self.size += len(data)
