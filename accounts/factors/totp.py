"""Time-based codes as every authenticator app speaks them (RFC 6238, SHA-1, six digits, thirty seconds).

Both parts are the library's: `cryptography` compares the codes, its Fernet seals the secrets. The sealing key comes
from the house's secret by HKDF. Those before it open
as long as they are told; what is used is sealed anew under the present one.
"""

import base64
import secrets
from datetime import datetime
from functools import cache
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor import InvalidToken as Wrong
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings

from accounts.factors.rules import STEP_SECONDS, recent_steps

ISSUER = "明标"


@cache
def _fernet(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"mingbiao/accounts/totp").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def fresh() -> bytes:
    """A new shared secret: 20 bytes, as RFC 4226 §4 asks of SHA-1."""
    return secrets.token_bytes(20)


def _opening() -> MultiFernet:
    return MultiFernet([_fernet(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(secret: bytes) -> str:
    """The secret as it is kept."""
    return _fernet(settings.SECRET_KEY).encrypt(secret).decode()


def unseal(sealed: str) -> bytes | None:
    """The secret; None where it was sealed under none of the house's secrets."""
    try:
        return _opening().decrypt(sealed.encode())
    except InvalidToken:
        return None


def renewed(sealed: str) -> str:
    """The same, sealed under the present secret of the house."""
    return _opening().rotate(sealed.encode()).decode()


def step_of(secret: bytes, code: str, *, at: datetime) -> int | None:
    """The time step whose code this is, among those taken at this instant; None for none of them."""
    clock = TOTP(secret, 6, SHA1(), STEP_SECONDS)
    for step in recent_steps(int(at.timestamp())):
        try:
            clock.verify(code.encode(), step * STEP_SECONDS)
        except Wrong:
            continue
        return step
    return None


def spelt(secret: bytes) -> str:
    """The secret as somebody types it into an app, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, *, username: str) -> str:
    """The otpauth:// address an app reads."""
    bare = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?secret={bare}&issuer={quote(ISSUER)}"
