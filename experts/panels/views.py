"""An expert's own invitations. No page names the project before the panel is seated."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from experts.panels import queries, services
from experts.panels.rules import SeatState, why_not_answer
from experts.registry import queries as registry
from experts.registry.rules import SPECIALTIES

WORDS = {
    SeatState.INVITED: (_("待答复"), "warn"),
    SeatState.ACCEPTED: (_("已接受"), "info"),
    SeatState.DECLINED: (_("未参加"), ""),
    SeatState.SEATED: (_("已就任"), "ok"),
    SeatState.RECUSED: (_("已回避"), ""),
}


@require_safe
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """Everything one was asked so far, the newest first."""
    expert = registry.of_person(request.actor)
    seats = queries.invitations(request.actor)
    rows = [{"seat": s, "words": WORDS[SeatState(s.state)], "specialty": SPECIALTIES.get(s.stratum)} for s in seats]
    return render(request, "experts/panels/invitations.html", {"rows": rows, "expert": expert})


@require_safe
@login_required
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """One invitation: until when to answer, in which field, and the two answers."""
    seat = queries.invitation(invitation, request.actor)
    state = SeatState(seat.state)
    against = why_not_answer(state=state, answer_by=seat.answer_by, at=request.arrived_at)
    told = {
        "seat": seat,
        "words": WORDS[state],
        "against": against,
        "waiting": state is SeatState.INVITED,
        "seated": state is SeatState.SEATED,
        "specialty": SPECIALTIES.get(seat.stratum, seat.stratum),
    }
    return render(request, "experts/panels/invitation.html", told)


@require_POST
@login_required
def answer(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Accept or decline."""
    accepts = request.POST.get("answer") == "accept"
    services.answer(invitation=invitation, accepts=accepts, by=request.actor, at=request.arrived_at)
    return redirect("experts:invitation", invitation)
