"""Who is asking: `request.actor`, as he stands in the place the address names."""

import contextlib
import weakref
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.sessions import rules, services
from market.projects.queries import region_of
from rulebook.actor import STRANGER, Actor
from rulebook.jurisdiction import in_region


class Identified(AuthenticationMiddleware):
    """Middleware: Django's `request.user`, and as `request.actor` the same person in his role, or STRANGER.

    Both are asked for only when used.

    Every page and operation of a procurement names it in its address, so here is asked, once for all of them, whether
    an office reaches the region it lies in: elsewhere its holder is a member of the public (`rulebook.jurisdiction`).
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = weakref.proxy(request)  # held by its own attributes, it would wait for the collector, and cost it time
        request.user = SimpleLazyObject(lambda: get_user(asked))
        request.actor = SimpleLazyObject(lambda: actor_of(asked))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session.accessed:
            note_seen(request)
            if SESSION_KEY in request.session:  # what is somebody's own is kept by no cache, his browser's included
                response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        number = str(kwargs.get("number") or kwargs.get("draw_id", "").partition("/")[0])
        if number:
            asked = weakref.proxy(request)
            request.actor = SimpleLazyObject(lambda: standing(actor_of(asked), number))  # type: ignore[attr-defined]


def standing(actor: Actor, number: str) -> Actor:
    """An actor as he stands in a procurement's region."""
    region = region_of(number) if actor.region else None
    return actor if region is None else in_region(actor, region)


def note_seen(request: HttpRequest) -> None:
    """Write down, every quarter of an hour at most, that a session was seen. A page that only reads needs no disk."""
    kept, at = request.session, request.arrived_at  # type: ignore[attr-defined]
    if rules.is_stale(getattr(kept, "seen_at", None), at=at) and kept.session_key:
        with contextlib.suppress(DatabaseError):
            services.note_seen(row=kept.row, by=request.actor, at=at)  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request."""
    if not request.user.is_authenticated:
        return STRANGER
    return request.user.as_actor()
