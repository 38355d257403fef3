"""Who is asking: `request.actor`."""

import contextlib
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.sessions import rules, services
from rulebook.actor import STRANGER, Actor


class Identified:
    """Middleware: `request.actor` is the signed-in person in his role, or STRANGER; asked for only when used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session.accessed:
            note_seen(request)
        return response


def note_seen(request: HttpRequest) -> None:
    """Write down, every quarter of an hour at most, that a session was seen. A page that only reads needs no disk."""
    kept, at = request.session, request.arrived_at  # type: ignore[attr-defined]
    if rules.is_stale(getattr(kept, "seen_at", None), at=at) and kept.session_key:
        with contextlib.suppress(DatabaseError):
            services.note_seen(session_key=kept.session_key, by=request.actor, at=at)  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request."""
    if not request.user.is_authenticated:
        return STRANGER
    return request.user.as_actor()
