"""What an organisation makes from its one seed: identity key, bidder halves, slot keys, recovery sheet.

`Expand(key, info)` is HKDF-Expand-SHA256 to 32 bytes, one HMAC, so that a browser holds the seed as a
non-extractable HMAC key.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from proofs import canonical, ed25519
from proofs.canonical import NotCanonical


def expand(key: bytes, info: bytes) -> bytes:
    """HKDF-Expand-SHA256(key, info, 32)."""
    return hmac.digest(key, info + b"\x01", hashlib.sha256)


def u16(number: int) -> bytes:
    """Two bytes, big-endian."""
    return number.to_bytes(2, "big")


def unit_hash(unit: Mapping[str, Any]) -> bytes:
    """H("sbe1/unit\\0" ‖ JCS(unit))."""
    return canonical.sha256(b"sbe1/unit\0", canonical.dumps(unit))


def public_slot_key(private: bytes) -> bytes:
    """The X25519 public key of a slot key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True)
class Organisation:
    """An organisation's seed of one generation. It signs (`statement.Signer`) and derives; it never prints itself."""

    org: str
    gen: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        canonical.text(self.org, "org", longest=64)
        canonical.integer(self.gen, 1, 65_535, "gen")
        if len(self.seed) != 32:
            raise NotCanonical("seed: not 32 bytes")

    @property
    def key(self) -> bytes:
        """The public identity key."""
        return ed25519.public_key(self._identity())

    def sign(self, message: bytes) -> bytes:
        """The identity key's signature."""
        return ed25519.sign(self._identity(), message)

    def half(self, *, unit: Mapping[str, Any], cmh: bytes, slot: int, eid: bytes) -> bytes:
        """B, the bidder's half of one envelope."""
        return expand(self.seed, b"sbe1/bidder\0b" + _context(unit, cmh, slot, eid))

    def polynomial(self, k: int, *, unit: Mapping[str, Any], cmh: bytes, slot: int, eid: bytes) -> list[bytes]:
        """C's polynomial a_0 … a_(k−1) for one envelope; C is a_0."""
        context = _context(unit, cmh, slot, eid)
        return [expand(self.seed, b"sbe1/bidder\0c" + bytes([j]) + context) for j in range(k)]

    def slot_key(self, *, unit: Mapping[str, Any], role: str, slot: int) -> bytes:
        """The private slot key of a key holder (role c or r) or a contributor (role d)."""
        return expand(self.seed, b"sbe1/slot\0" + unit_hash(unit) + role.encode() + u16(slot))

    def slot_keys(self, *, unit: Mapping[str, Any], role: str, count: int, first: int = 0) -> bytes:
        """The public slot keys first … first+count−1, 32 bytes each."""
        return b"".join(
            public_slot_key(self.slot_key(unit=unit, role=role, slot=slot)) for slot in range(first, first + count)
        )

    def _identity(self) -> bytes:
        return expand(self.seed, b"sbe1/identity\0")


@dataclass(frozen=True)
class Succeeded(Organisation):
    """A revoked generation that still opens what was made with it, while a later one of the same organisation signs."""

    successor: Organisation = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.successor.org != self.org or self.successor.gen != self.gen:
            raise NotCanonical("another organisation's key cannot sign for this one")

    @property
    def key(self) -> bytes:
        """The public identity key that signs."""
        return self.successor.key

    def sign(self, message: bytes) -> bytes:
        """The successor's signature."""
        return self.successor.sign(message)


def succeeded(revoked: Organisation, by: Organisation) -> Succeeded:
    """The key of a revoked generation, signed for by a later one. Refused (NotCanonical) for an earlier one."""
    if by.gen <= revoked.gen:
        raise NotCanonical("only a later generation signs for a revoked one")
    return Succeeded(revoked.org, by.gen, revoked.seed, successor=by)


def _context(unit: Mapping[str, Any], cmh: bytes, slot: int, eid: bytes) -> bytes:
    return unit_hash(unit) + cmh + u16(slot) + eid


def generate(org: str, gen: int = 1) -> Organisation:
    """A new organisation key with a random seed."""
    return Organisation(org, gen, secrets.token_bytes(32))


def recovery_sheet(seed: bytes) -> str:
    """The seed as 56 Base32 characters with its check bytes: whoever reads this sheet has the key."""
    return base64.b32encode(seed + _check_bytes(seed)).decode()


def seed_from_sheet(sheet: str) -> bytes:
    """The seed a recovery sheet spells; spaces, hyphens and small letters are forgiven.

    Refused (NotCanonical) when a character was misread.
    """
    letters = "".join(sheet.split()).replace("-", "").upper()
    try:
        data = base64.b32decode(letters)
    except binascii.Error as wrong:
        raise NotCanonical("recovery sheet: not Base32") from wrong
    seed, check = data[:32], data[32:]
    if len(data) != 35 or check != _check_bytes(seed):
        raise NotCanonical("recovery sheet: a character is wrong")
    return seed


def _check_bytes(seed: bytes) -> bytes:
    return canonical.sha256(b"sbe1/sheet\0", seed)[:3]
