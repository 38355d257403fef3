"""The one door at which is asked whether a person may act for his house on a project."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.refusals import refused
from people.powers.queries import why_not_act
from rulebook.refusal import Refused

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Addresses under which a purchase begins that has no number yet.
BEGINS = frozenset({"market:new_purchase", "bidding:new"})


class Authorised:
    """Middleware: an act on a project, through a page or a program, by a person whose house has not given it to him.

    Acts name their project in the address; sockets only show (decision 0004), so every act comes by here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        begins = match is not None and match.view_name in BEGINS
        if request.method in READS or not ("number" in kwargs or begins):
            return None
        reasons = why_not_act(str(kwargs.get("number", "")), by=request.actor)
        return refused(request, Refused(*reasons)) if reasons else None
