"""One spelling for everything that is hashed or signed: RFC 8785 JSON, lowercase hex, unpadded base64url.

Two parties that read the same bytes differently can be set against each other, so every reader here decodes,
encodes again and refuses whatever does not come back the same.
"""

import base64
import binascii
import hashlib
import json
import unicodedata
from collections.abc import Collection
from typing import Any

import rfc8785

# Beyond this a JavaScript number is no longer one integer.
LARGEST = 2**53 - 1


class NotCanonical(ValueError):
    """The bytes are not the one spelling of a value."""


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the concatenation of the parts: H of `docs/proofs.md`."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def dumps(value: Any) -> bytes:
    """The canonical JSON bytes of a value (RFC 8785).

    Refused (NotCanonical) when it holds a float, an integer outside 0…2^53−1, or text that is not NFC Unicode.
    """
    try:
        if _check(value):
            # For such names and no floats the standard library spells as RFC 8785 does, 20 times faster.
            text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            return text.encode()
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as wrong:
        raise NotCanonical(str(wrong)) from wrong


def parse(data: bytes) -> Any:
    """The value these canonical bytes spell. Refused (NotCanonical) when they are not its one spelling."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
        spelled = dumps(value)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as wrong:
        raise NotCanonical(f"not canonical JSON: {wrong}") from wrong
    if spelled != data:
        raise NotCanonical("not the canonical spelling of its value")
    return value


def parse_object(data: bytes) -> dict[str, Any]:
    """As `parse`, and the value is an object."""
    value = parse(data)
    if not isinstance(value, dict):
        raise NotCanonical("not a JSON object")
    return value


def require_keys(value: Any, keys: Collection[str], what: str) -> dict[str, Any]:
    """The value, an object with exactly these keys. Refused (NotCanonical) otherwise."""
    if not isinstance(value, dict):
        raise NotCanonical(f"{what}: not an object")
    if set(value) != set(keys):
        raise NotCanonical(f"{what}: has keys {sorted(value)}, must have exactly {sorted(keys)}")
    return value


def integer(value: Any, low: int, high: int, what: str) -> int:
    """The value, a true integer low…high. Refused (NotCanonical) otherwise; True is not 1."""
    if type(value) is not int or not low <= value <= high:
        raise NotCanonical(f"{what}: not an integer {low}…{high}")
    return value


def text(value: Any, what: str, *, longest: int = 255) -> str:
    """The value, NFC text of 1…longest characters without control characters. Refused (NotCanonical) otherwise."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise NotCanonical(f"{what}: not a text of 1…{longest} characters")
    if unicodedata.normalize("NFC", value) != value or any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        raise NotCanonical(f"{what}: not NFC text without control characters")
    return value


def hex_bytes(value: Any, length: int, what: str) -> bytes:
    """The bytes of a lowercase hex text of exactly `length` bytes. Refused (NotCanonical) otherwise."""
    try:
        data = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        data = None
    if data is None or len(data) != length or data.hex() != value:
        raise NotCanonical(f"{what}: not {length} bytes in lowercase hex")
    return data


def b64u(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64u_bytes(value: Any, what: str, *, length: int | None = None) -> bytes:
    """The bytes of an unpadded base64url text, `length` bytes if given. Refused (NotCanonical) otherwise."""
    try:
        if not isinstance(value, str) or "=" in value:
            raise ValueError
        data = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (ValueError, binascii.Error) as wrong:
        raise NotCanonical(f"{what}: not base64url") from wrong
    if b64u(data) != value:
        raise NotCanonical(f"{what}: not the one spelling in base64url")
    if length is not None and len(data) != length:
        raise NotCanonical(f"{what}: {len(data)} bytes, must be {length}")
    return data


def _check(value: Any) -> bool:
    """Refused (NotCanonical) unless the value has a canonical spelling.

    True when all names in it are ASCII: only then is the order of their characters the order of their UTF-16 units.
    """
    if isinstance(value, str):
        _check_text(value)
        return True
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        integer(value, 0, LARGEST, "number")
        return True
    plain = True
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical("a name is not text")
            if not key.isascii():
                _check_text(key)
                plain = False
            plain &= _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            plain &= _check(item)
    else:
        raise NotCanonical(f"{type(value).__name__} has no canonical spelling")
    return plain


def _check_text(text: str) -> None:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("text is not NFC")


def _no_float(number: str) -> Any:
    raise NotCanonical(f"{number}: floats have no place in a signed text")
