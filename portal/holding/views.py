"""Page: the release desk of a key holder."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bidding.holding import queries as roster
from bidding.tender import queries as tenders
from portal.holding import queries
from rulebook.actor import Role


@login_required
@require_safe
def release_desk(request: HttpRequest) -> HttpResponse:
    """Today's openings and those of the next days; keys ahead; everything that is due in one sitting."""
    viewer = request.actor
    if viewer.role is not Role.HOLDER:
        raise Http404
    listed = queries.lines(viewer, at=request.arrived_at)
    standing = roster.is_standing(viewer.organisation)
    wanted = tenders.wanted_of(viewer.organisation)
    prepared, free = roster.ahead_of(viewer.organisation)
    told = {
        "nav": "desk",
        "lines": listed,
        "due": sum(line.releases for line in listed),
        "standing": standing,
        "prepared": prepared,
        "free": free,
        "to_make": (free - prepared if standing else 0) + len(wanted),
        "wanted": len(wanted),
        "duty": queries.duty_of(viewer),
    }
    return render(request, "portal/holding/desk.html", told)
