"""Doors of a first account: a keeper hands out slips, their people set a password."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services as accounts
from accounts.source import source_of
from experts.registry import access, forms, slips
from experts.registry.models import Expert
from experts.registry.views import for_keepers

ENTERED = "experts-entered"  # in the session: the name to sign in with, told once


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Open one's account by a slip. Throttled by where a try comes from, like the door itself."""
    if request.user.is_authenticated:
        return redirect("portal:desk")
    form = forms.Entering(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
        said = {field: form.cleaned_data[field] for field in ("code", "id_number", "password")}
        expert = access.enter(**said, by=request.actor, at=request.arrived_at)
        accounts.pass_door(attempt=attempt)
        request.session[ENTERED] = expert.user.username
        return redirect("experts:entered")
    return render(request, "experts/registry/enter.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def entered(request: HttpRequest) -> HttpResponse:
    """The account is open: the name to sign in with."""
    if (username := request.session.pop(ENTERED, None)) is None:
        raise Http404
    return render(request, "experts/registry/enter.html", {"username": username})


def _slips(request: HttpRequest, **told: object) -> HttpResponse:
    response = render(request, "experts/registry/slips.html", {"nav": "desk", **told})
    response["Cache-Control"] = "no-store"
    return response


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def all_slips(request: HttpRequest) -> HttpResponse:
    """Who has no account yet; slips for all of them, shown once, to be printed."""
    waiting = access.unopened()
    if request.method == "POST":
        fresh = [each for each in waiting if access.standing_slip(each) is None] if "new" in request.POST else waiting
        issued = access.issue(experts=fresh[: slips.MOST_AT_ONCE], by=request.actor, at=request.arrived_at)
        return _slips(request, issued=issued)
    rows = [(each, access.standing_slip(each)) for each in waiting]
    return _slips(request, rows=rows, now=request.arrived_at, most=slips.MOST_AT_ONCE)


@require_POST
@for_keepers
def slip(request: HttpRequest, expert: UUID) -> HttpResponse:
    """A slip for one expert, shown once."""
    row = get_object_or_404(Expert, public_id=expert)
    return _slips(request, issued=access.issue(experts=[row], by=request.actor, at=request.arrived_at))
