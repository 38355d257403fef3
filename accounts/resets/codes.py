"""Codes somebody keeps on paper or is told once: eighty random bits, so that a keyed digest of them is enough."""

import hmac
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User


def fresh_code() -> str:
    """Twenty characters nobody can guess."""
    return secrets.token_hex(10)


def grouped(code: str) -> str:
    """As it is read out and written down."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def digest_of(user: User, code: str, *, secret: str = "") -> str:
    """The keyed digest of a person's code, however it was grouped.  secret: another of the house's than the present."""
    bare = "".join(code.lower().split()).replace("-", "")
    told = {"secret": secret} if secret else {}
    return str(salted_hmac("accounts.code", f"{user.pk}:{bare}", algorithm="sha256", **told).hexdigest())


def digests_of(user: User, code: str) -> list[str]:
    """The same under every secret the house has or had, for a code lasts longer than they may."""
    return [digest_of(user, code, secret=each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def is_of(kept: str, digests: list[str]) -> bool:
    """Whether a digest that is kept is one of these; looked at alike whichever it is."""
    return sum(hmac.compare_digest(kept, each) for each in digests) > 0
