"""Page: the front of the house. Everybody who is not signed in gets the same one: it is made once a second at most."""

import re
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.templatetags.parts import iso, moment
from portal.home import queries
from portal.statistics.queries import first

# What a browser says of who it is, or of what it is to be told: such a page is nobody else's.
OWN = (settings.SESSION_COOKIE_NAME, "messages")
CLOCK = re.compile(rb'(<time data-clock datetime=")[^"]*(">)[^<]*(</time>)')
_kept: dict[str, tuple[datetime, bytes]] = {}  # by language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open now, what was just decided, the newest notices, and what anyone can check."""
    if any(name in request.COOKIES for name in OWN) or not settings.HOME_KEPT:
        return _made(request)
    at, language = request.arrived_at, get_language() or ""
    made_at, body = _kept.get(language, (None, b""))
    if made_at is None or abs((at - made_at).total_seconds()) > settings.HOME_KEPT:
        body = _made(request).content
        _kept[language] = (at, body)
    # The clock is the reader's own request's: countdowns go by it.
    return HttpResponse(CLOCK.sub(rb"\g<1>%s\g<2>%s\g<3>" % (iso(at).encode(), moment(at).encode()), body, count=1))


def _made(request: HttpRequest) -> HttpResponse:
    at = request.arrived_at
    told = {
        "nav": "home", "told": first(), "lines": queries.newest(), "open": queries.takes_part(at=at),
        "decided": queries.decided(), "running": queries.running(at=at),
    }  # fmt: skip
    return render(request, "portal/home/home.html", told)
