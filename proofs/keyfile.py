"""The key file: a seed at rest under a passphrase, as a JWE any JOSE tool opens (RFC 7516 compact form).

PBES2-HS512+A256KW wraps the content key, A256GCM the seed. WebCrypto and `cryptography` both do it natively.
"""

import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from proofs import canonical
from proofs.canonical import NotCanonical, b64u, b64u_bytes
from proofs.organisation import Organisation

_ALG, _ENC = "PBES2-HS512+A256KW", "A256GCM"
FEWEST, MOST = 600_000, 10_000_000


class WrongPassphrase(ValueError):
    """The passphrase does not open this key file (or the file was altered: nobody can tell which)."""


def seal(organisation: Organisation, passphrase: str, *, iterations: int = FEWEST) -> str:
    """The key file's text."""
    salt, content_key, iv = secrets.token_bytes(16), secrets.token_bytes(32), secrets.token_bytes(12)
    header = b64u(canonical.dumps({"alg": _ALG, "enc": _ENC, "p2c": iterations, "p2s": b64u(salt)}))
    wrapped = aes_key_wrap(_wrapping_key(passphrase, salt, iterations), content_key)
    content = {"v": "seed/1", "org": organisation.org, "gen": organisation.gen, "seed": b64u(organisation.seed)}
    sealed = AESGCM(content_key).encrypt(iv, canonical.dumps(content), header.encode())
    return ".".join((header, b64u(wrapped), b64u(iv), b64u(sealed[:-16]), b64u(sealed[-16:])))


def unseal(text: str, passphrase: str) -> Organisation:
    """The organisation key in a key file.

    Refused when the text is not exactly such a file (NotCanonical), or not under this passphrase (WrongPassphrase).
    """
    parts = text.split(".")
    if len(parts) != 5:
        raise NotCanonical("key file: not a compact JWE of five parts")
    header, wrapped, iv, sealed, tag = (b64u_bytes(part, "key file") for part in parts)
    names = canonical.require_keys(canonical.parse(header), ("alg", "enc", "p2c", "p2s"), "key file header")
    if (names["alg"], names["enc"]) != (_ALG, _ENC):
        raise NotCanonical(f"key file: not {_ALG} with {_ENC}")
    salt = b64u_bytes(names["p2s"], "p2s", length=16)
    iterations = canonical.integer(names["p2c"], FEWEST, MOST, "p2c")
    if (len(wrapped), len(iv), len(tag)) != (40, 12, 16):
        raise NotCanonical("key file: a part has the wrong length")
    try:
        content_key = aes_key_unwrap(_wrapping_key(passphrase, salt, iterations), wrapped)
        content = AESGCM(content_key).decrypt(iv, sealed + tag, parts[0].encode())
    except (InvalidUnwrap, InvalidTag) as wrong:
        raise WrongPassphrase("the passphrase does not open this key file") from wrong
    seed = canonical.require_keys(canonical.parse(content), ("v", "org", "gen", "seed"), "seed")
    if seed["v"] != "seed/1":
        raise NotCanonical("key file: holds no seed/1")
    return Organisation(seed["org"], seed["gen"], b64u_bytes(seed["seed"], "seed", length=32))


def _wrapping_key(passphrase: str, salt: bytes, iterations: int) -> bytes:
    password = unicodedata.normalize("NFKC", passphrase).encode()
    kdf = PBKDF2HMAC(hashes.SHA512(), 32, _ALG.encode() + b"\0" + salt, iterations)
    return kdf.derive(password)
