"""What the frame of every page needs."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import queries


def site(request: HttpRequest) -> dict[str, object]:
    """server_time; unread, counted only where a page shows it; site_banner, the words above every page."""
    return {
        "server_time": getattr(request, "arrived_at", None),
        "unread": SimpleLazyObject(lambda: queries.unread(request.user) if request.user.is_authenticated else 0),
        "site_banner": getattr(settings, "SITE_BANNER", ""),
    }
