"""Codes somebody keeps on paper or is told once: eighty random bits, so that a keyed digest of them is enough."""

import secrets

from django.utils.crypto import salted_hmac

from accounts.models import User


def fresh_code() -> str:
    """Twenty characters nobody can guess."""
    return secrets.token_hex(10)


def grouped(code: str) -> str:
    """As it is read out and written down."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def digest_of(user: User, code: str) -> str:
    """The keyed digest of a person's code, however it was grouped."""
    bare = "".join(code.lower().split()).replace("-", "")
    return str(salted_hmac("accounts.code", f"{user.pk}:{bare}", algorithm="sha256").hexdigest())
