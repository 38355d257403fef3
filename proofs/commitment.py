"""What is fixed now and shown later: log entries in the open, blinded entries, salted commitments.

Every one is a hash over a domain label, 32 random bytes and canonical JSON. The random bytes hide (a price has few
values; its bare hash would tell it), the label keeps one use from standing in for another.
"""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from proofs import canonical

SALT_SIZE = 32
REPORT = "eval1/report"
SHEET = "eval1/sheet"
RELEASE = "open1/release"
MESSAGE = "open1/message"
LEFT_OUT = "draw1/left-out"
STRUCK = "draw1/struck"


def fresh() -> bytes:
    """32 random bytes: a nonce or salt."""
    return secrets.token_bytes(SALT_SIZE)


def public_entry(kind: str, *, ts: str, data: Mapping[str, Any]) -> bytes:
    """A log entry everybody may read: JCS{"v":"ev/1","t","ts","d"}."""
    return canonical.dumps({"v": "ev/1", "t": kind, "ts": ts, "d": dict(data)})


def blinded_entry(event: Mapping[str, Any], nonce: bytes) -> bytes:
    """A log entry that tells nothing yet: JCS{"v":"ev/1","c": H("ev1/blind\\0" ‖ nonce ‖ JCS(event))}."""
    return canonical.dumps({"v": "ev/1", "c": _digest("ev1/blind", nonce, event)})


def dummy_entry() -> bytes:
    """An entry that commits to nothing and cannot be told from one that does."""
    return canonical.dumps({"v": "ev/1", "c": secrets.token_hex(32)})


def commit(label: str, value: Any, salt: bytes) -> str:
    """H(label ‖ 0x00 ‖ salt ‖ JCS(value)) in hex."""
    return _digest(label, salt, value)


def matches(commitment: str, label: str, value: Any, salt: bytes) -> bool:
    """Whether a commitment is to this value under this salt."""
    return len(salt) == SALT_SIZE and hmac.compare_digest(commitment.encode(), _digest(label, salt, value).encode())


def _digest(label: str, random: bytes, value: Any) -> str:
    if len(random) != SALT_SIZE:
        raise ValueError("a nonce or salt has 32 bytes")
    return canonical.sha256(label.encode() + b"\0", random, canonical.dumps(value)).hex()
