"""Personal data at rest: sealed with AES-256-GCM, so that a database or its backup names nobody.

The key file has a line for each key, `<name> <base64url of 32 bytes>`: the first seals, all of them open. A new first
line and `reseal_experts` change the key; then the old line may go. Spec: docs/decisions, personal data of experts.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from proofs import canonical
from rulebook.lasting import make_last

NONCE = 12  # bytes


class Unsafe(RuntimeError):
    """A key file that others can read, or that holds no key: the process must not work with it."""


class Unreadable(RuntimeError):
    """Sealed data that no key here opens, or that was moved to another row."""


def seal(told: Mapping[str, str], *, about: str) -> str:
    """Seal facts about one row.  about: what the row is called; sealed data opens under that name only."""
    name, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(NONCE)
    plain = json.dumps(dict(told), ensure_ascii=False, sort_keys=True).encode()
    return f"{name}.{canonical.b64u(nonce + AESGCM(key).encrypt(nonce, plain, about.encode()))}"


def unseal(sealed: str, *, about: str) -> dict[str, str]:
    """The facts again. Raises Unreadable."""
    name, _, body = sealed.partition(".")
    if (key := _keys().get(name)) is None:
        raise Unreadable(f"no key named {name}")
    try:
        raw = canonical.b64u_bytes(body, "sealed")
        return dict(json.loads(AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())))
    except (InvalidTag, canonical.NotCanonical) as wrong:
        raise Unreadable(about) from wrong


def seal_file(data: bytes, *, about: str) -> bytes:
    """The same for a file."""
    name, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(NONCE)
    return name.encode() + b"." + nonce + AESGCM(key).encrypt(nonce, data, about.encode())


def unseal_file(sealed: bytes, *, about: str) -> bytes:
    """The file again. Raises Unreadable."""
    name, _, raw = bytes(sealed).partition(b".")
    if (key := _keys().get(name.decode("ascii", "replace"))) is None:
        raise Unreadable(f"no key named {name!r}")
    try:
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
    except InvalidTag as wrong:
        raise Unreadable(about) from wrong


def file_is_current(sealed: bytes) -> bool:
    """A file sealed with the first key of the key file."""
    return bytes(sealed).partition(b".")[0] == next(iter(_keys())).encode()


def is_current(sealed: str) -> bool:
    """Sealed with the first key of the file."""
    return sealed.partition(".")[0] == next(iter(_keys()))


def opened_of_old(sealed: str, *, about: str) -> dict[str, str] | None:
    """What an older key sealed, to be sealed anew; None when it is the first key's."""
    return None if is_current(sealed) else unseal(sealed, about=about)


def tags(value: str) -> list[str]:
    """What an identity number is found by: a keyed hash, one for each key, the one that is written first."""
    return [hmac.new(_tagging(key), value.encode(), hashlib.sha256).hexdigest() for key in _keys().values()]


def _tagging(key: bytes) -> bytes:
    return hmac.new(key, b"mingbiao experts: tags", hashlib.sha256).digest()


def _keys() -> dict[str, bytes]:
    path = Path(settings.EXPERT_KEYS)
    if not path.exists():
        _make(path)
    told = path.stat()
    if stat.S_IMODE(told.st_mode) & 0o077:
        raise Unsafe(f"{path} can be read by others: chmod 600")
    return _read(path, told.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for line in path.read_text().split("\n"):
        name, _, key = line.strip().partition(" ")
        if name:
            found[name] = canonical.b64u_bytes(key.strip(), "key", length=32)
    if not found:
        raise Unsafe(f"{path} holds no key")
    return found


def _make(path: Path) -> None:
    """A first key, whole or not at all; another process may be making one at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"k1 {canonical.b64u(secrets.token_bytes(32))}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    make_last(path)
