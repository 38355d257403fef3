"""Second factors of people of the cast, and how they are shown."""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from accounts.factors import totp
from accounts.factors.models import Authenticator
from rulebook.actor import Actor
from tests import cast
from tests.make import accounts

PASSWORD = "correct horse battery staple"
SECRET = b"twenty bytes, no more"[:20]


def code(at: datetime, secret: bytes = SECRET) -> str:
    """What the app shows at an instant."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def authenticator(actor: Actor) -> Authenticator:
    """Somebody's authenticator app."""
    user = accounts.user(actor, password=PASSWORD)
    return Authenticator.objects.create(user=user, sealed=totp.seal(SECRET), added_at=cast.NOON - cast.DAY)


def sign_in(actor: Actor, *, client: Client | None = None, source: str = "192.0.2.1", **extra: Any) -> Any:
    """The first page of the door: name and password."""
    told = {"username": accounts.username_of(actor), "password": PASSWORD}
    return (client or Client()).post("/accounts/login/", told, REMOTE_ADDR=source, **extra)
