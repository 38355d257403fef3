"""Pages of a negotiation: the supplier's own, and the forms on the panel's and the purchaser's."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bidding.evaluation import negotiating, pages
from market.projects import queries as projects


@require_safe
@login_required
@never_cache
def talks(request: HttpRequest, number: str) -> HttpResponse:
    """A supplier's own side of the negotiation."""
    project = projects.visible(number, viewer=request.actor)
    return render(request, "bidding/evaluation/talks.html", pages.talk_of_supplier(project, request.actor))


@require_POST
@login_required
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """A supplier leaves."""
    pages.talk_of_supplier(projects.visible(number, viewer=request.actor), request.actor)
    negotiating.leave(
        project_number=number, reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:talks", number)


@require_POST
@login_required
def note_talk(request: HttpRequest, number: str) -> HttpResponse:
    """A member writes down a negotiation."""
    negotiating.note_talk(
        project_number=number, org=request.POST.get("org", ""), text=request.POST.get("text", ""), by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def propose_change(request: HttpRequest, number: str) -> HttpResponse:
    """A member proposes a change of what is wanted."""
    negotiating.propose_change(
        project_number=number, text=request.POST.get("text", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def confirm_change(request: HttpRequest, number: str, change: int) -> HttpResponse:
    """The purchaser confirms it; every supplier in the negotiation is told."""
    project = projects.visible(number, viewer=request.actor)
    if not project.is_officer(request.actor):
        raise Http404
    negotiating.confirm_change(project_number=number, change=change, by=request.actor, at=request.arrived_at)
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def call_round(request: HttpRequest, number: str) -> HttpResponse:
    """A member calls for sealed quotes."""
    negotiating.call_round(
        project_number=number, last=request.POST.get("last") == "yes", by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:evaluation", number)
