"""Page: the front of the house."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.home import queries
from portal.statistics.queries import first


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Figures from rows, the newest notices, what is going on now."""
    told = {"told": first(), "notices": queries.newest(), "running": queries.running(at=request.arrived_at)}
    return render(request, "portal/home/home.html", {"nav": "home", **told})
