"""A protected tip: read by either of two bodies, by nobody between, and answered by its code alone.

    code     = Base32(r ‖ H("tip1/code\\0" ‖ r)[:3]), r 17 random bytes; shown once, kept by the tipster alone
    lookup   = HKDF-SHA256(ikm = r, info = "tip1/lookup\\0");  thread = H("tip1/thread\\0" ‖ lookup)
    seed     = HKDF-SHA256(ikm = r, info = "tip1/seed\\0"): signs and reads answers as an organisation's seed does
    message  = three HPKE copies, to the tipster and the two bodies, of u32 ‖ JCS(tip/1) ‖ zeros to one of SIZES
    info     = "tip1/seal\\0" ‖ thread ‖ u32 seq ‖ whose copy
    digest   = H("tip1/message\\0" ‖ thread ‖ u32 seq ‖ message)

A body reads with the slot key of the unit {"draw": "tips"} of its identity seed. What is said is signed inside: by the
key the first message brings, or by a body's pinned one, so that nobody between can speak for either.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from proofs import canonical, ed25519, merkle
from proofs.canonical import NotCanonical, b64u, b64u_bytes
from proofs.organisation import Organisation

UNIT = {"draw": "tips"}
TIPSTER = "tipster"
SIZES = (4_096, 16_384)  # bytes of what is sealed, whatever was written
COPIES = 3
MORE = 48  # bytes that sealing adds to a copy
WORK = 14  # leading zero bits that a message's work shows
LEAVES = 1_024  # of every day's tree, however many messages came
LONGEST = 5_000  # characters
_KEYS = ("v", "from", "gen", "thread", "seq", "number", "name", "text", "key", "reply", "sig")
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def code_of(secret: bytes) -> str:
    """The receipt code of 17 random bytes: 32 letters and digits."""
    return base64.b32encode(secret + canonical.sha256(b"tip1/code\0", secret)[:3]).decode()


def fresh_code() -> str:
    """A new receipt code: 136 random bits and a check."""
    return code_of(secrets.token_bytes(17))


def secret_of(code: str) -> bytes:
    """What a code spells; spaces, hyphens and small letters are forgiven. Refused (NotCanonical) when misread."""
    try:
        data = base64.b32decode("".join(code.split()).replace("-", "").upper())
    except binascii.Error as wrong:
        raise NotCanonical("receipt code: not Base32") from wrong
    if len(data) != 20 or code_of(data[:17]) != base64.b32encode(data).decode():
        raise NotCanonical("receipt code: a character is wrong")
    return data[:17]


def _derived(code: str, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, info).derive(secret_of(code))


def lookup_of(code: str) -> bytes:
    """By which the house finds what belongs to a code; it keeps only `thread_of` it."""
    return _derived(code, b"tip1/lookup\0")


def thread_of(lookup: bytes) -> bytes:
    """The name of a tip and of all that follows it."""
    return canonical.sha256(b"tip1/thread\0", lookup)


def tipster(code: str) -> Organisation:
    """Who holds the code: signs and reads like any house, under no name."""
    return Organisation(TIPSTER, 1, _derived(code, b"tip1/seed\0"))


def reading_key(by: Organisation) -> bytes:
    """The private key that opens the copies of a body or a tipster."""
    return by.slot_key(unit=UNIT, role="c", slot=0)


def public_reading_key(by: Organisation) -> bytes:
    """Its public half."""
    return by.slot_keys(unit=UNIT, role="c", count=1)


def seal(
    said: Mapping[str, str], *, by: Organisation, thread: bytes, seq: int, readers: Sequence[tuple[str, bytes]]
) -> bytes:
    """A message for its readers: the tipster, then the two bodies, each with its public reading key.

    said: number, name, text.  Refused (NotCanonical) when it is longer than the largest size.
    """
    own = by.org == TIPSTER
    unsigned = {
        "v": "tip/1", "from": by.org, "gen": by.gen, "thread": thread.hex(), "seq": seq, "number": said["number"],
        "name": said["name"], "text": said["text"], "key": b64u(by.key) if own else "",
        "reply": b64u(public_reading_key(by)) if own else "",
    }  # fmt: skip
    signature = by.sign(b"tip1/said\0" + canonical.dumps(unsigned))
    written = canonical.dumps({**unsigned, "sig": b64u(signature)})
    size = next((size for size in SIZES if len(written) + 4 <= size), 0)
    if not size:
        raise NotCanonical("tip: longer than the largest size")
    plain = (len(written).to_bytes(4, "big") + written).ljust(size, b"\0")
    return b"".join(
        _HPKE.encrypt(plain, X25519PublicKey.from_public_bytes(key), info(thread, seq, whose)) for whose, key in readers
    )


def info(thread: bytes, seq: int, whose: str) -> bytes:
    """What binds a copy to its tip, its place in it and its reader."""
    return b"tip1/seal\0" + thread + seq.to_bytes(4, "big") + whose.encode()


def size_of(sealed: bytes) -> int:
    """The size within. Refused (NotCanonical) when these are not three copies of one of SIZES."""
    for size in SIZES:
        if len(sealed) == COPIES * (size + MORE):
            return size
    raise NotCanonical("tip: not three copies of a fixed size")


def copy_of(sealed: bytes, place: int) -> bytes:
    """The copy at a place: 0 is the tipster's, 1 and 2 are the bodies'."""
    whole = size_of(sealed) + MORE
    return sealed[place * whole : (place + 1) * whole]


def open_copy(copy: bytes, private: bytes, *, thread: bytes, seq: int, whose: str) -> dict[str, Any] | None:
    """What a copy says, or None when it does not open to a message of this tip and place."""
    try:
        key = X25519PrivateKey.from_private_bytes(private)
        plain = _HPKE.decrypt(copy, key, info(thread, seq, whose))
        return read(plain, thread=thread, seq=seq)
    except (InvalidTag, ValueError):  # NotCanonical is a ValueError
        return None


def read(plain: bytes, *, thread: bytes, seq: int) -> dict[str, Any]:
    """The message in what was sealed. Refused (NotCanonical) when it is not exactly one of this tip and place."""
    length = int.from_bytes(plain[:4], "big")
    if len(plain) not in SIZES or length > len(plain) - 4 or any(plain[4 + length :]):
        raise NotCanonical("tip: not padded to a fixed size")
    told = canonical.require_keys(canonical.parse(plain[4 : 4 + length]), _KEYS, "tip")
    if (told["v"], told["thread"], told["seq"]) != ("tip/1", thread.hex(), seq):
        raise NotCanonical("tip: of another place")
    return told


def verify(message: Mapping[str, Any], key: bytes) -> bool:
    """Whether its speaker signed it with this identity key."""
    unsigned = {name: value for name, value in message.items() if name != "sig"}
    signature = b64u_bytes(message["sig"], "sig", length=64)
    return ed25519.verify(key, signature, b"tip1/said\0" + canonical.dumps(unsigned))


def digest_of(thread: bytes, seq: int, sealed: bytes) -> bytes:
    """What stands for a message in the day's tree, and what its work is done over."""
    return canonical.sha256(b"tip1/message\0", thread, seq.to_bytes(4, "big"), sealed)


def worked(digest: bytes, n: int) -> bool:
    """Whether n shows the work a message asks for: it costs a sender seconds and names nobody."""
    shown = canonical.sha256(b"tip1/work\0", digest, n.to_bytes(4, "big"))
    return int.from_bytes(shown[:4], "big") >> (32 - WORK) == 0


def work(digest: bytes) -> int:
    """A number that shows it."""
    return next(n for n in range(1 << 32) if worked(digest, n))


def leaf_of(nonce: bytes, digest: bytes) -> bytes:
    """A message's leaf in its day's tree."""
    return merkle.leaf_hash(nonce + digest)


def tree_of(secret: bytes, leaves: Mapping[int, bytes]) -> merkle.Tree:
    """A day's tree of LEAVES leaves. Those of no message are made of the day's secret; nobody can tell them apart."""
    return merkle.Tree(
        leaves.get(place) or merkle.leaf_hash(canonical.sha256(b"tip1/none\0", secret, place.to_bytes(4, "big")))
        for place in range(LEAVES)
    )
