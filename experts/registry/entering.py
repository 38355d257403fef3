"""Doors of a first account: a keeper hands out slips, their people set a password."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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


def _issued(request: HttpRequest, issued: access.Issued) -> HttpResponse:
    """Slips shown this once, and sent where that is asked for."""
    where = request.get_host() + reverse("experts:enter")
    sent = access.deliver(issued, where=where) if "send" in request.POST else {}
    return _slips(request, issued=[(*each, sent.get(each[0].pk)) for each in issued])


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def all_slips(request: HttpRequest) -> HttpResponse:
    """Who has no account yet; slips for all of them, shown once, to be printed."""
    waiting = access.unopened()
    if request.method == "POST":
        fresh = [each for each in waiting if access.standing_slip(each) is None] if "new" in request.POST else waiting
        return _issued(
            request, access.issue(experts=fresh[: slips.MOST_AT_ONCE], by=request.actor, at=request.arrived_at)
        )
    rows = [(each, access.standing_slip(each)) for each in waiting]
    return _slips(request, rows=rows, now=request.arrived_at, most=slips.MOST_AT_ONCE)


@require_POST
@for_keepers
def slip(request: HttpRequest, expert: UUID) -> HttpResponse:
    """A slip for one expert, shown once."""
    row = get_object_or_404(Expert, public_id=expert)
    return _issued(request, access.issue(experts=[row], by=request.actor, at=request.arrived_at))


@require_POST
@for_keepers
def ask_again(request: HttpRequest, expert: UUID) -> HttpResponse:
    """A slip for somebody who lost his password: asked for by one keeper."""
    row = get_object_or_404(Expert, public_id=expert)
    access.ask_again(expert=row, reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at)
    return redirect("experts:expert", expert)


@require_POST
@for_keepers
def decide_again(request: HttpRequest, expert: UUID) -> HttpResponse:
    """And issued by another, shown once; or dropped."""
    row = get_object_or_404(Expert, public_id=expert)
    agreed, seen = request.POST.get("outcome") == "agree", request.POST.get("seen", "")
    issued = access.decide_again(expert=row, agreed=agreed, seen=seen, by=request.actor, at=request.arrived_at)
    return _issued(request, issued) if agreed else redirect("experts:expert", expert)
