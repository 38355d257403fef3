"""The random word a bidder's browser is known by, and what a request tells of where it comes from.

The word is made here, says nothing of the machine, is given only to who opens his own workspace of a bid, and is read
only when a bid is handed in, to be sealed at once. No page measures the browser itself.
"""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.source import address_of
from bidding.submission.traces import Traces
from rulebook.actor import Role

COOKIE = f"{settings.COOKIES}device"
WORD = re.compile(r"[A-Za-z0-9_-]{22}")
YEAR = 365 * 24 * 3600  # seconds


def known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, with a word of its own for a bidder's browser that has none yet."""
    if request.actor.role is Role.PROVIDER and not WORD.fullmatch(request.COOKIES.get(COOKIE, "")):
        response.set_cookie(
            COOKIE, secrets.token_urlsafe(16), max_age=YEAR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def traces_of(request: HttpRequest) -> Traces:
    """What this request leaves behind, for the sealed traces of a bid and for nothing else."""
    word = request.COOKIES.get(COOKIE, "")
    return Traces(
        address=address_of(request)[:45], agent=request.headers.get("User-Agent", ""),
        device=word if WORD.fullmatch(word) else "", person=request.actor.person,
    )  # fmt: skip
