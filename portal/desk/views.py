"""Page: one's own desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.regions.queries import regions
from accounts.regions.rules import why_not_keep
from accounts.rules import Kind
from portal.desk import buying, queries
from rulebook.actor import Role

WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
# Who may report an act, be charged with one, keep a case or read it; nobody else finds anything there.
PARTS_IN_CASES = WATCHERS | {Role.OFFICER, Role.PROVIDER, Role.EXPERT, Role.OPERATOR}


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Do this by then, because."""
    all_of_it = queries.duties(request.actor, at=request.arrived_at)
    told = {
        "nav": "desk",
        "mine": [duty for duty in all_of_it if not duty.waits],
        "waiting": [duty for duty in all_of_it if duty.waits],
        **(buying.rooms(request.actor) if request.actor.role is Role.OFFICER else {"has_keys": True}),
        "watches": request.actor.role in WATCHERS,
        "in_cases": request.actor.role in PARTS_IN_CASES,
        "keeps_register": request.actor.role in (Role.OPERATOR, Role.SUPERVISOR),
        "provides": request.actor.role is Role.PROVIDER,
        "expert": request.actor.role is Role.EXPERT,
        "bans": request.actor.role is Role.SUPERVISOR,
        "has_people": request.user.organisation is not None and request.user.organisation.kind != Kind.CITIZEN,
        "admits": request.actor.role in (Role.OPERATOR, Role.SECURITY),
        "keeps_regions": not why_not_keep(by=request.actor) and bool(regions()),
        "at": request.arrived_at,
    }
    return render(request, "portal/desk/desk.html", told)
