"""What stands before every view: whether an act is taken here and now, from this person, with these files."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from config import timekeeper
from config.refusals import answer, refused, unavailable
from documents import harmless
from ledger.storage import Unavailable
from people.powers.queries import why_not_act
from rulebook.refusal import Reason, Refused

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Addresses under which a purchase begins that has no number yet.
BEGINS = frozenset({"market:new_purchase", "bidding:new"})


class Admitted:
    """Middleware, the innermost: refuses an act before its view, and turns what a view raises into its answer.

    503 where who is in time cannot be said (`timekeeper.may_judge`): another process takes the act, or nobody. 403 for
    an act on a project by a person whose house has not given it to him: acts name their project in the address, and
    sockets only show (decision 0004), so every act comes by here. 422 for a file that would act when it is opened, or
    grow (`documents.harmless`): every file that is sent with a form comes by here before its own door looks at it.

    Bugs pass through and are logged as such.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS and not timekeeper.may_judge():
            return unavailable(request, Unavailable("this clock is not right: no act is taken here"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method in READS:
            return None
        reasons = why_not_begin(request, kwargs) or why_not_take_files(request)
        return refused(request, Refused(*reasons)) if reasons else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error)


def why_not_begin(request: HttpRequest, kwargs: dict[str, Any]) -> tuple[Reason, ...]:
    """Why the person who asks may not act for his house on the project an address names, or begin one."""
    match = request.resolver_match
    begins = match is not None and match.view_name in BEGINS
    return why_not_act(str(kwargs.get("number", "")), by=request.actor) if "number" in kwargs or begins else ()


def why_not_take_files(request: HttpRequest) -> tuple[Reason, ...]:
    """Why the files of a form are not taken."""
    if request.content_type != "multipart/form-data":
        return ()
    files = [file for _, files in request.FILES.lists() for file in files]
    return tuple(reason for file in files for reason in harmless.why_not_take(file, name=file.name or ""))
