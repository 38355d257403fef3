"""Signed notes: a text with signature lines beneath it, and the keys that make and check them.

Spec: C2SP signed-note, tlog-cosignature (0x04). A line by a key the reader does not know is ignored, as the
specification demands; a line by a key he knows that does not verify spoils the note.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE = 1 << 20
MAX_LINES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_BREAKS = re.compile(r"[\s\x00-\x1f]")


class BadNote(ValueError):
    """Not a note, not a key, or a signature by a known key that does not verify."""


def encode64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode()


def decode64(text: str) -> bytes:
    """Standard base64, one spelling only. Raises BadNote otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BadNote(f"not base64: {text[:80]!r}") from wrong
    if encode64(data) != text:
        raise BadNote(f"not canonical base64: {text[:80]!r}")
    return data


def decimal(text: str) -> int:
    """A decimal number below 2^63 without sign or leading zero. Raises BadNote otherwise."""
    if not (text.isascii() and text.isdigit()) or (len(text) > 1 and text[0] == "0") or len(text) > 19:
        raise BadNote(f"not a decimal number: {text[:80]!r}")
    if (number := int(text)) >= 1 << 63:
        raise BadNote(f"number too large: {text}")
    return number


@dataclass(frozen=True)
class Signature:
    """One signature line: the key's name, its 4-byte id, and the bytes of the signature."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """The line, newline included."""
        return f"— {self.name} {encode64(self.key_id + self.data)}\n"


@dataclass(frozen=True)
class Note:
    """A text (ending in a newline) and the signature lines under it, none of them checked."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)


@dataclass(frozen=True)
class Verifier:
    """A public key for notes (`vkey`): plain Ed25519, or a witness's cosignature/v1 key."""

    name: str
    kind: int
    key: bytes

    @cached_property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ type ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """Its one-line form, `name+hex(id)+base64(type ‖ key)`."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.kind]) + self.key)}"

    def signed_at(self, text: str, signature: Signature) -> int | None:
        """Check one line by this key: the cosignature's POSIX seconds, 0 for a plain signature, None if it is bad."""
        data, seconds, message = signature.data, 0, text.encode()
        if self.kind == COSIGNATURE:
            if len(data) != 72:
                return None
            seconds, data = int.from_bytes(data[:8], "big"), data[8:]
            message = cosigned_message(text, seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(data, message)
        except InvalidSignature:
            return None
        return seconds


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: `cosignature/v1`, its time in POSIX seconds, and the note's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def parse_vkey(vkey: str) -> Verifier:
    """A vkey. Raises BadNote when it is not one, or is of a type not known here."""
    name, _, rest = vkey.partition("+")
    key_id, _, data = rest.partition("+")
    _check_name(name)
    raw = decode64(data)
    if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise BadNote("unknown type of key")
    verifier = Verifier(name, raw[0], raw[1:])
    if verifier.vkey != vkey or verifier.key_id.hex() != key_id:
        raise BadNote("the key's id does not belong to it")
    return verifier


@dataclass(frozen=True)
class Signer:
    """A private Ed25519 key under a name. `kind` COSIGNATURE makes it a witness's key."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @cached_property
    def verifier(self) -> Verifier:
        """Its public half."""
        _check_name(self.name)
        return Verifier(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, *, seconds: int | None = None) -> Signature:
        """Sign a text. A witness's key needs `seconds`, the POSIX time it vouches for; a plain key takes none."""
        _check_text(text)
        key_id = self.verifier.key_id
        if self.kind == ED25519 and seconds is None:
            return Signature(self.name, key_id, self.private.sign(text.encode()))
        if self.kind != COSIGNATURE or seconds is None:
            raise ValueError("cosignatures carry a time, plain signatures do not")
        signed = self.private.sign(cosigned_message(text, seconds))
        return Signature(self.name, key_id, seconds.to_bytes(8, "big") + signed)


def generate(name: str) -> str:
    """A new plain Ed25519 note key in its private one-line form, `PRIVATE+KEY+name+hex(id)+base64(type ‖ seed)`."""
    private = Ed25519PrivateKey.generate()
    key_id = Signer(name, private).verifier.key_id.hex()
    return f"PRIVATE+KEY+{name}+{key_id}+{encode64(bytes([ED25519]) + private.private_bytes_raw())}"


def parse_private(skey: str, *, kind: int = ED25519) -> Signer:
    """The signer of a private one-line key; `kind` COSIGNATURE uses the same key as a witness's.

    Raises BadNote when it is not one.
    """
    parts = skey.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise BadNote("not a private note key")
    _check_name(parts[2])
    raw = decode64(parts[4])
    if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise BadNote("unknown type of key")
    signer = Signer(parts[2], Ed25519PrivateKey.from_private_bytes(raw[1:]), raw[0])
    if signer.verifier.key_id.hex() != parts[3]:
        raise BadNote("the key's id does not belong to it")
    return Signer(signer.name, signer.private, kind)


def sign(text: str, signers: Sequence[Signer]) -> str:
    """A note: the text signed by plain keys."""
    return str(Note(text, tuple(signer.sign(text) for signer in signers)))


def parse(note: str) -> Note:
    """A note's text and lines, unchecked. Raises BadNote when it is not a note."""
    if len(note) > MAX_NOTE:
        raise BadNote("the note is too long")
    head, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadNote("a note ends in signature lines after an empty line")
    text = head + "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise BadNote("too many signature lines")
    return Note(text, tuple(_parse_line(line) for line in lines))


def verify(note: Note, verifiers: Iterable[Verifier]) -> dict[Verifier, int]:
    """The keys among `verifiers` that signed the note, with their times (0 for plain signatures).

    Lines by other keys are ignored. Raises BadNote when a line by one of `verifiers` does not verify.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed: dict[Verifier, int] = {}
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None or verifier in signed:
            continue
        seconds = verifier.signed_at(note.text, signature)
        if seconds is None:
            raise BadNote(f"the signature of {verifier.name} does not verify")
        signed[verifier] = seconds
    return signed


def opened(note: str, verifier: Verifier) -> str:
    """The text of a note that this key signed. Raises BadNote when it did not."""
    parsed = parse(note)
    if verifier not in verify(parsed, [verifier]):
        raise BadNote(f"not signed by {verifier.name}")
    return parsed.text


def _parse_line(line: str) -> Signature:
    start, _, rest = line.partition("— ")
    name, _, data = rest.partition(" ")
    if start or " " in data:
        raise BadNote("not a signature line")
    _check_name(name)
    raw = decode64(data)
    if len(raw) < 5:
        raise BadNote("a signature is too short")
    return Signature(name, raw[:4], raw[4:])


def _check_name(name: str) -> None:
    if not name or "+" in name or _BREAKS.search(name):
        raise BadNote(f"not a key's name: {name[:80]!r}")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("a note's text ends in a newline and has no other control characters")
