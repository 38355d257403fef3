"""Pages: a purchase for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from market.projects import queries as projects


@require_safe
def purchase(request: HttpRequest, number: str) -> HttpResponse:
    """The purchase's page: what it is, where it stands, what can be done."""
    project = projects.visible(number, viewer=request.actor)
    told = {"nav": "notices", "project": project, "purchase": project.purchase, "steps": project.steps()}
    return render(request, "market/purchases/purchase.html", told)
