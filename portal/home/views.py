"""Page: the front of the house. Everybody who is not signed in gets the same one: it is made once a second at most."""

import re
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.regions import queries as regions
from accounts.templatetags.parts import iso, moment
from portal.home import queries
from portal.statistics.queries import first
from rulebook.regions import is_division

# What a browser says of who it is, or of what it is to be told: such a page is nobody else's.
CHOSEN = f"{settings.COOKIES}region"  # the cookie of a region somebody has chosen
OWN = (settings.SESSION_COOKIE_NAME, f"{settings.COOKIES}messages", CHOSEN)
CLOCK = re.compile(rb'(?<=<time data-clock datetime=")[^"]*">[^<]*(?=</time>)')
_kept: dict[str, tuple[datetime, bytes, bytes]] = {}  # by language: when it was made, before the clock, after it


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open now, what was just decided, the newest notices, and what anyone can check; or the room chosen."""
    if (chosen := request.COOKIES.get(CHOSEN, "")) and is_division(chosen) and regions.known(chosen):
        return redirect("portal:region", chosen.ljust(6, "0"))
    if any(name in request.COOKIES for name in OWN) or request.META.get("QUERY_STRING") or not settings.HOME_KEPT:
        return _made(request)
    at, language = request.arrived_at, get_language() or ""
    kept = _kept.get(language)
    if kept is None or abs((at - kept[0]).total_seconds()) > settings.HOME_KEPT:
        before, after = CLOCK.split(_made(request).content, maxsplit=1)
        kept = _kept[language] = (at, before, after)
    # The clock is the reader's own request's: countdowns go by it.
    return HttpResponse(kept[1] + f'{iso(at)}">{moment(at)}'.encode() + kept[2])


def _made(request: HttpRequest) -> HttpResponse:
    at = request.arrived_at
    told = {
        "nav": "home", "told": first(), "lines": queries.newest(), "open": queries.takes_part(at=at),
        "decided": queries.decided(), "running": queries.running(at=at),
    }  # fmt: skip
    return render(request, "portal/home/home.html", told)
