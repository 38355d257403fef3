"""An expert's own invitations. No page names the project before the panel is seated."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from experts.panels import barring, queries, services, ties
from experts.panels.eligibility import TieKind
from experts.panels.models import Tie
from experts.panels.request import OWNER
from experts.panels.rules import SeatState, why_not_answer
from experts.registry import queries as registry
from rulebook.actor import Actor

WORDS = {
    SeatState.INVITED: (_("待答复"), "warn"),
    SeatState.ACCEPTED: (_("已接受"), "info"),
    SeatState.DECLINED: (_("未参加"), ""),
    SeatState.SEATED: (_("已就任"), "ok"),
    SeatState.RECUSED: (_("已回避"), ""),
}
TIE_WORDS = {
    TieKind.RELATIVE: _("近亲属任职或控股"),
    TieKind.INTEREST: _("参股、合同、纠纷等其他利害关系"),
}


def own_ties(viewer: Actor) -> list[tuple[Tie, object]]:
    """One's own ties with their words."""
    return [(tie, TIE_WORDS[TieKind(tie.kind)]) for tie in ties.of_person(viewer)]


def fields() -> dict[str, object]:
    """What a seat is for: the specialties, and the owner's representatives."""
    return {**registry.specialties(), OWNER: _("采购人代表")}


@require_safe
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """Everything one was asked so far, the newest first."""
    expert = registry.of_person(request.actor)
    seats = queries.invitations(request.actor)
    names = fields()
    rows = [{"seat": s, "words": WORDS[SeatState(s.state)], "specialty": names.get(s.stratum)} for s in seats]
    return render(
        request,
        "experts/panels/invitations.html",
        {"rows": rows, "expert": expert, "ties": own_ties(request.actor), "kinds": TIE_WORDS.items()},
    )


@require_safe
@login_required
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """One invitation: until when to answer, in which field, and the two answers."""
    seat = queries.invitation(invitation, request.actor)
    state = SeatState(seat.state)
    against = why_not_answer(state=state, answer_by=seat.answer_by, at=request.arrived_at)
    barred = barring.why_not_judge(seat.panel.project_number, request.actor.person, at=request.arrived_at)
    told = {
        "seat": seat,
        "words": WORDS[state],
        "against": against,
        "against_accepting": against or barred,
        "waiting": state is SeatState.INVITED,
        "accepted": state is SeatState.ACCEPTED and seat.stratum != OWNER,
        "seated": state is SeatState.SEATED,
        "specialty": fields().get(seat.stratum, seat.stratum),
    }
    return render(request, "experts/panels/invitation.html", told)


@require_POST
@login_required
def answer(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Accept or decline."""
    accepts = request.POST.get("answer") == "accept"
    services.answer(invitation=invitation, accepts=accepts, by=request.actor, at=request.arrived_at)
    return redirect("experts:invitation", invitation)


@require_POST
@login_required
def cancel(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Take one's acceptance back, with a reason."""
    reason = request.POST.get("reason", "")
    services.cancel(invitation=invitation, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("experts:invitation", invitation)


@require_POST
@login_required
def declare_tie(request: HttpRequest) -> HttpResponse:
    """Declare a relative or an interest in an organisation."""
    organisation = request.POST.get("organisation", "").strip().upper()
    ties.declare_tie(
        organisation=organisation, kind=request.POST.get("kind", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("experts:invitations")


@require_POST
@login_required
def end_tie(request: HttpRequest) -> HttpResponse:
    """Take one's own declaration back."""
    ties.end_tie(organisation=request.POST.get("organisation", ""), by=request.actor, at=request.arrived_at)
    return redirect("experts:invitations")
