"""Reads: where a person is signed in."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from accounts.sessions.models import BrowserSession


def sessions_of(user: User) -> QuerySet[BrowserSession]:
    """Where somebody is signed in now, by the clock that ends sessions; newest first."""
    return BrowserSession.objects.filter(user=user, expire_date__gt=Now()).order_by("-since", "-expire_date")
