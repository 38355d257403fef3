"""The bidder's workspace: facts, terms, what he has handed in. Sealing itself happens in his browser."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bidding.submission import queries
from bidding.tender import queries as tenders
from market.projects import queries as projects


@require_GET
@login_required
def workspace(request: HttpRequest, number: str) -> HttpResponse:
    """One's own bid. The page is as long for the first bidder as for the hundredth."""
    project = projects.visible(number, viewer=request.actor)
    tender = tenders.tender(project.number)
    context = {
        "project": project,
        "tender": tender,
        "parts": tenders.committees(tender),
        "against": queries.why_not_bid(tender, by=request.actor, at=request.arrived_at),
        "mine": queries.my_bid(tender, viewer=request.actor),
    }
    response = render(request, "bidding/submission/workspace.html", context)
    response["Cache-Control"] = "no-store"
    return response
