"""Pages of letters, for their two sides and whoever watches; 404 for everybody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from blacklist.lists import queries as lists
from documents.issued.views import handed_out
from market.agency import forms, queries, rules, services
from market.agency.models import Entrustment
from market.agency.rules import State
from rulebook.actor import Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if

SHOWN = 100


@login_required
@never_cache
@require_safe
def entrustments(request: HttpRequest) -> HttpResponse:
    """Letters of the viewer's house, what waits first."""
    if request.actor.role is not Role.OFFICER and request.actor.role not in queries.WATCHERS:
        raise Http404
    rows = list(queries.visible_to(request.actor)[:SHOWN])
    usable = {row.pk for row in queries.in_force(request.actor, at=request.arrived_at)}
    kind = queries.kind_of(request.actor)
    told = {
        "rows": [(row, row.pk in usable) for row in rows], "is_agent": kind == "agent", "nav": "desk",
        "may_offer": not rules.why_not_entrust(kind=kind, by=request.actor),
    }  # fmt: skip
    return render(request, "market/agency/entrustments.html", told)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a letter before an agent."""
    refuse_if(rules.why_not_entrust(kind=queries.kind_of(request.actor), by=request.actor))
    on, name = day_in_china(request.arrived_at), request.actor.name
    first = {"first": on, "last": on.replace(month=12, day=31), "contact_name": name}
    form = forms.OfferForm(request.POST or None, request.FILES or None, agents=queries.agents(), initial=first)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        made = services.offer(
            agent=form.cleaned_data["agent"], terms=form.terms(), file=file, name=file.name, by=request.actor,
            at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("已送请代理机构确认，确认后生效。"))
        return redirect(made)
    status = 422 if request.method == "POST" else 200
    return render(request, "market/agency/new.html", {"form": form, "nav": "desk"}, status=status)


@login_required
@never_cache
@require_safe
def entrustment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One letter: what it says, what became of it, what goes on under it, and what can be done."""
    return render(request, "market/agency/entrustment.html", _told(request, public_id))


def _told(request: HttpRequest, public_id: UUID, **bound: Any) -> dict[str, Any]:
    row, viewer, at = queries.one(public_id, viewer=request.actor), request.actor, request.arrived_at
    owner, agent = viewer.organisation == row.owner_id, viewer.organisation == row.agent_id
    running = list(queries.running(row)) if row.state is State.AGREED else []
    heirs = [(project, queries.successors(project, leaving=row, at=at)) for project in running] if owner else []
    inquiry = lists.inquiries(row.log, code=row.agent_id).first() if owner or not agent else None
    bans = queries.bans_of(row, at=at) if row.state in (State.OFFERED, State.AGREED) else ()
    return {
        "row": row, "steps": list(row.steps.all()), "paper": queries.paper(row), "nav": "desk", "inquiry": inquiry,
        "purchases": list(queries.purchases(row)[:SHOWN]), "owner": owner, "agent": agent, "bans": bans,
        "answerable": agent and row.state is State.OFFERED, "retractable": owner and row.state is State.OFFERED,
        "endable": (owner or agent) and row.state is State.AGREED,
        "usable": agent and not queries.why_not_use(row, by=viewer, at=at),
        "against_end": rules.why_not_end(
            owner=row.owner_id, agent=row.agent_id, state=row.state, running={p.number: p.title for p in running},
            named={p.number: True for p in running}, reason="--", by=viewer,
        ),
        "agree_form": forms.AgreeForm(initial={"contact_name": viewer.name}, auto_id="agree_%s"),
        "decline_form": forms.ReasonForm(auto_id="decline_%s"),
        "end_form": forms.EndForm(auto_id="end_%s", running=heirs), **bound,
    }  # fmt: skip


@login_required
@never_cache
@require_safe
def letter(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The signed letter, for its two sides and whoever watches."""
    found = queries.paper(queries.one(public_id, viewer=request.actor))
    if found is None:
        raise Http404
    return handed_out(found)


@login_required
@require_POST
def act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    """Agree, decline, take back or end; what signs a letter or ends one asks once more who is there."""
    return (stepped_up(_act) if what in GRAVE else _act)(request, public_id, what)


def _act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    row = queries.one(public_id, viewer=request.actor)
    told: dict[str, Any] = {"public_id": public_id, "by": request.actor, "at": request.arrived_at}
    form = _form(request, row, what)
    if form is not None and not form.is_valid():
        name = {"agree": "agree_form", "decline": "decline_form", "end": "end_form"}[what]
        shown = _told(request, public_id, **{name: form, "tried": what})
        return render(request, "market/agency/entrustment.html", shown, status=422)
    if what == "agree":
        services.agree(contact=form.cleaned_data, **told)
    elif what == "decline":
        services.decline(reason=request.POST.get("reason", ""), **told)
    elif what == "take-back":
        services.take_back(**told)
    else:
        services.end(reason=form.cleaned_data["reason"], successors=form.successors(), **told)
    messages.success(request, DONE[what])
    return redirect(row)


def _form(request: HttpRequest, row: Entrustment, what: str) -> Any:
    """What was typed for an act, bound; None for taking back, which asks nothing."""
    if what == "agree":
        return forms.AgreeForm(request.POST, auto_id="agree_%s")
    if what == "decline":
        return forms.ReasonForm(request.POST, auto_id="decline_%s")
    if what == "end":
        at = request.arrived_at
        running = [(each, queries.successors(each, leaving=row, at=at)) for each in queries.running(row)]
        return forms.EndForm(request.POST, auto_id="end_%s", running=running)
    return None


GRAVE = ("agree", "end")
DONE = {
    "agree": gettext_lazy("委托已生效，授权委托书已签发。"),
    "decline": gettext_lazy("已答复采购人。"),
    "take-back": gettext_lazy("已撤回。"),
    "end": gettext_lazy("委托已终止，正在办理的项目已移交。"),
}
