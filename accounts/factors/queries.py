"""Reads: what somebody can prove himself with, and what became of his account."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.factors.models import AccountStep, Authenticator, Passkey, RecoveryCode
from accounts.factors.rules import must_have_second
from accounts.models import User
from accounts.rules import Kind
from rulebook.actor import Role


@dataclass(frozen=True)
class Factors:
    """What somebody has besides his password.  needed: the house asks for a second factor here."""

    passkeys: int
    totp: bool
    codes: int
    needed: bool

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return bool(self.passkeys or self.totp)

    @property
    def count(self) -> int:
        return self.passkeys + self.totp


def factors_of(user: User) -> Factors:
    """What somebody has."""
    return Factors(
        Passkey.objects.filter(user=user).count(),
        Authenticator.objects.filter(user=user).exists(),
        RecoveryCode.objects.filter(user=user, used_at=None).count(),
        is_needed(user),
    )


def is_needed(user: User) -> bool:
    """Whether the house asks for a second factor of this person; what it asks for is a setting."""
    if not settings.SECOND_FACTOR:
        return False
    kind = Kind(user.organisation.kind) if user.organisation else None
    return must_have_second(kind=kind, role=Role(user.role))


def passkeys_of(user: User) -> QuerySet[Passkey]:
    return Passkey.objects.filter(user=user).order_by("id")


def credentials_of(user: User) -> list[str]:
    """The credentials of a person, as they are kept."""
    return list(passkeys_of(user).values_list("credential", flat=True))


def passkey_said(answer: dict[str, Any]) -> Passkey | None:
    """The passkey an answer of a browser names."""
    named = answer.get("rawId") or answer.get("id")
    if not isinstance(named, str):
        return None
    return Passkey.objects.select_related("user__organisation").filter(credential_id=named.rstrip("=")).first()


def steps_of(user: User) -> QuerySet[AccountStep]:
    """What became of an account, newest first."""
    return AccountStep.objects.filter(user=user).order_by("-at", "-id")
