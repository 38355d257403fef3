"""Who is asking: `request.actor`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from rulebook.actor import STRANGER, Actor


class Identified:
    """Middleware: `request.actor` is the signed-in person in his role, or STRANGER; asked for only when used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request."""
    if not request.user.is_authenticated:
        return STRANGER
    return request.user.as_actor()
