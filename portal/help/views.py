"""Pages: help, for everybody and by role."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.help.pages import OF_ROLE, PAGES


@require_safe
def help_all(request: HttpRequest) -> HttpResponse:
    """Which role asks."""
    mine = OF_ROLE.get(request.actor.role, "citizen")
    rows = [(key, page, key == mine) for key, page in PAGES.items()]
    return render(request, "portal/help/help.html", {"rows": rows})


@require_safe
def help_mine(request: HttpRequest) -> HttpResponse:
    """To the answers of the reader's own role; the stage after the # of the address goes with it."""
    return redirect("portal:help_role", OF_ROLE.get(request.actor.role, "citizen"))


@require_safe
def help_role(request: HttpRequest, role: str) -> HttpResponse:
    """The questions of one role with their answers, by stage."""
    if role not in PAGES:
        raise Http404
    page = PAGES[role]
    parts = [(stage, name, [ask() for ask in asks]) for stage, name, asks in page.parts]
    others = [(key, other) for key, other in PAGES.items() if key != role]
    return render(request, "portal/help/role.html", {"page": page, "parts": parts, "others": others})
