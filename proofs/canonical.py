"""One spelling for everything that is hashed or signed: RFC 8785 JSON, lowercase hex, unpadded base64url.

Two parties that read the same bytes differently can be set against each other, so every reader here decodes,
encodes again and refuses whatever does not come back the same.
"""

import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Collection
from typing import Any

import rfc8785

# Beyond this a JavaScript number is no longer one integer.
LARGEST = 2**53 - 1
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class NotCanonical(ValueError):
    """The bytes are not the one spelling of a value."""


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the concatenation of the parts: H of `docs/proofs.md`."""
    return hashlib.sha256(b"".join(parts)).digest()


def dumps(value: Any) -> bytes:
    """The canonical JSON bytes of a value (RFC 8785).

    Refused (NotCanonical) when it holds a float, an integer outside 0…2^53−1, or text that is not NFC Unicode.
    """
    try:
        text = _spell(value)
        # What reads back as the same value held nothing that JSON only resembles.
        if _is_plain(text) and _read(text) == value:
            return text.encode()
        _check(value)
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, TypeError, UnicodeEncodeError) as wrong:
        raise NotCanonical(f"{type(value).__name__} has no canonical spelling: {wrong}") from wrong


def spelled(value: Any) -> bytes:
    """The canonical bytes of a value that `parse` gave or a check let through: it is not looked at again."""
    text = _spell(value)
    return text.encode() if text.isascii() or not _ASTRAL.search(text) else rfc8785.dumps(value)


def parse(data: bytes) -> Any:
    """The value these canonical bytes spell. Refused (NotCanonical) when they are not its one spelling."""
    try:
        text = data.decode()
        value = _read(text)
        same = _spell(value) == text if _is_plain(text) else dumps(value) == data
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as wrong:
        raise NotCanonical(f"not canonical JSON: {wrong}") from wrong
    if not same:
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
    if value.keys() != set(keys):
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
    if value.isascii() and value.isprintable():
        return value
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


def hashes(value: Any, what: str) -> tuple[bytes, ...]:
    """The hashes of a list of them in lowercase hex, 32 bytes each. Refused (NotCanonical) otherwise."""
    if not isinstance(value, list) or not all(isinstance(one, str) and len(one) == 64 for one in value):
        raise NotCanonical(f"{what}: not a list of hashes in lowercase hex")
    data = hex_bytes("".join(value), 32 * len(value), what)
    return tuple(data[at : at + 32] for at in range(0, len(data), 32))


def b64u(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode()


def b64u_bytes(value: Any, what: str, *, length: int | None = None) -> bytes:
    """The bytes of an unpadded base64url text, `length` bytes if given. Refused (NotCanonical) otherwise."""
    try:
        if not isinstance(value, str):
            raise ValueError
        data = binascii.a2b_base64(value.encode("ascii").translate(_FROM_URL) + b"==")
    except (ValueError, binascii.Error) as wrong:
        raise NotCanonical(f"{what}: not base64url") from wrong
    if b64u(data) != value:
        raise NotCanonical(f"{what}: not the one spelling in base64url")
    if length is not None and len(data) != length:
        raise NotCanonical(f"{what}: {len(data)} bytes, must be {length}")
    return data


def _check(value: Any) -> None:
    """Refused (NotCanonical) unless the value has a canonical spelling."""
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise NotCanonical("text is not NFC")
    elif isinstance(value, int):
        if not isinstance(value, bool):
            integer(value, 0, LARGEST, "number")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical("a name is not text")
            _check(key)
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif value is not None:
        raise NotCanonical(f"{type(value).__name__} has no canonical spelling")


def _is_plain(text: str) -> bool:
    """Whether JSON text is NFC as a whole, so that every text in it is, and all in the basic plane, where the order
    of characters is the order of their UTF-16 units: then the standard library spells as RFC 8785 does, 20 times
    faster."""
    return text.isascii() or (unicodedata.is_normalized("NFC", text) and not _ASTRAL.search(text))


def _whole(digits: str) -> int:
    return integer(int(digits), 0, LARGEST, "number")


def _no_float(number: str) -> Any:
    raise NotCanonical(f"{number}: floats have no place in a signed text")


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_spell = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode
_read = json.JSONDecoder(parse_float=_no_float, parse_int=_whole, parse_constant=_no_float).decode
