"""Reads: which providers there are, and which of them somebody has linked."""

from accounts.models import User
from accounts.sso import oidc
from accounts.sso.models import OutsideIdentity
from accounts.sso.oidc import Provider


def providers() -> list[Provider]:
    """Those of the settings; none by default."""
    return oidc.providers()


def provider(key: str) -> Provider | None:
    """The one with this key."""
    return next((each for each in oidc.providers() if each.key == key), None)


def links(user: User) -> list[tuple[Provider, OutsideIdentity | None]]:
    """Every provider, and somebody's identity there."""
    known = {row.issuer: row for row in OutsideIdentity.objects.filter(user=user)} if (all_ := providers()) else {}
    return [(each, known.get(each.issuer)) for each in all_]


def owner(*, issuer: str, subject: str) -> User | None:
    """Whose identity this is; nobody's who is shut out."""
    row = OutsideIdentity.objects.filter(issuer=issuer, subject=subject, user__is_active=True)
    found = row.select_related("user__organisation").first()
    return found.user if found else None
