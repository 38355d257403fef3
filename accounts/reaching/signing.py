"""How the house and a gateway know each other's words: HMAC-SHA256 over the instant and the bytes of the body.

One secret for both directions, so each side's words begin with who speaks: the house's own question sent back to it
is no receipt. Spec: docs/reaching.md.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime

STAMP = re.compile(r"[1-9]\d{9}", re.ASCII)  # seconds since 1970, one spelling
HOUSE, GATEWAY = "house", "gateway"
TIME_HEADER, SIGNATURE_HEADER = "X-Mingbiao-Time", "X-Mingbiao-Signature"


def signature(secret: str, *, speaker: str, stamp: str, body: bytes) -> str:
    """The signature of a body: `v1=` and 64 hex digits."""
    said = f"{speaker}.{stamp}.".encode() + body
    return f"v1={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"


def spoken_at(secret: str, *, speaker: str, stamp: str, signed: str, body: bytes) -> datetime | None:
    """When a body was signed, None when it was not: without a secret nothing is. Compared in constant time."""
    good = hmac.compare_digest(signature(secret, speaker=speaker, stamp=stamp, body=body).encode(), signed.encode())
    if not secret or not good or not STAMP.fullmatch(stamp):
        return None
    return datetime.fromtimestamp(int(stamp), tz=UTC)
