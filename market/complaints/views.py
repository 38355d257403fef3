"""Pages of grievances: the guide for everybody; first steps and complaints for those they concern, 404 for others."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from market.complaints import forms, pages, queries, services
from market.complaints.models import Complaint
from market.complaints.rules import OF_A_PURCHASE, About, Outcome
from rulebook.calendar import CHINA


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Which channel a grievance has."""
    told = pages.guide(request.GET, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/complaints/guide.html", told)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided and announced."""
    rows = [(each, forms.OUTCOME_WORDS[Outcome(each.complaint.outcome)]) for each in queries.decisions()[:100]]
    return render(request, "market/complaints/decisions.html", {"rows": rows, "nav": "notices"})


@require_safe
@login_required
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """What the viewer filed, was filed with, or is to answer."""
    rows = queries.visible_to(request.actor).order_by("ended_at", "-filed_at")[:100]
    told = [(each, pages.STATE_WORDS[each.state], forms.ABOUT_WORDS[each.kind], queries.who(each, request.actor))
            for each in rows]  # fmt: skip
    return render(
        request, "market/complaints/own.html", {"rows": told, "steps": queries.challenges(request.actor)[:50]}
    )


def _about(request: HttpRequest) -> About:
    try:
        return About(request.GET.get("about", ""))
    except ValueError as unknown:
        raise Http404 from unknown


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_step(request: HttpRequest) -> HttpResponse:
    """Put a first step."""
    about = _about(request)
    project = pages.purchase(request.GET.get("number", ""), viewer=request.actor)
    if project is None:
        raise Http404
    form = forms.StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.challenge(
            number=project.number, about=about, points=forms.lines(form.cleaned_data["points"]), by=request.actor,
            at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("已提出，答复后会通知您。"))
        return redirect("market:challenge", made.public_id)
    told = {"form": form, "project": project, "about": forms.ABOUT_WORDS[about],
            "route": queries.route_for(about, project)}  # fmt: skip
    return render(request, "market/complaints/new_step.html", told, status=422 if request.method == "POST" else 200)


@require_safe
@login_required
@never_cache
def step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One first step."""
    held = queries.challenge(public_id, viewer=request.actor)
    return render(request, "market/complaints/step.html", pages.step(held, viewer=request.actor))


@require_POST
@login_required
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer it."""
    held = queries.challenge(public_id, viewer=request.actor)
    text = request.POST.get("text", "")
    services.answer(public_id=held.public_id, text=text, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已答复。"))
    return redirect("market:challenge", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """File a complaint."""
    about = _about(request)
    project = pages.purchase(request.GET.get("number", ""), viewer=request.actor)
    route = queries.route_for(about, project)
    own = queries.first_steps(request.actor, project, about) if project and route and route.step else []
    form = forms.ComplaintForm(
        request.POST or None, purchase=about in OF_A_PURCHASE,
        steps=[(key, text[:60]) for key, text, _prior in own],
        bodies=[(each.code, each.name) for each in queries.bodies(project)],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = _file(request, about, project.number if project else "", own, form.cleaned_data)
        messages.success(request, _("投诉已提交，受理部门将在期限内审查。"))
        return redirect("market:complaint", made.public_id)
    told = {"form": form, "project": project, "about": forms.ABOUT_WORDS[about], "route": route}
    return render(request, "market/complaints/new.html", told, status=422 if request.method == "POST" else 200)


def _file(request: HttpRequest, about: About, number: str, own: Any, typed: dict[str, Any]) -> Complaint:
    after = typed.get("after") or None
    said = next((prior.points for key, _text, prior in own if key == after), ())
    known = typed.get("known_on")
    return services.file(
        about=about, number=number, after=UUID(after) if after else None, subject=typed.get("subject", ""),
        other=typed.get("other", ""), body=typed["body"], points=forms.lines(typed["points"]) or list(said),
        request=typed["request"], interest=typed["interest"],
        known_at=datetime.combine(known, time(), CHINA) if known else None, by=request.actor, at=request.arrived_at,
    )  # fmt: skip


@require_safe
@login_required
@never_cache
def complaint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One complaint."""
    held = queries.complaint(public_id, viewer=request.actor)
    told = pages.complaint(held, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/complaints/complaint.html", told)


@require_POST
@login_required
def act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    """Everything that is done about one."""
    held = queries.complaint(public_id, viewer=request.actor)
    text = request.POST.get("text", "")
    facts: dict[str, Any] = {"public_id": held.public_id, "by": request.actor, "at": request.arrived_at}
    match what:
        case "defects":
            services.tell_defects(defects=forms.lines(text), **facts)
        case "complete":
            services.complete(text=text, **facts)
        case "accept":
            services.accept(**facts)
        case "refuse":
            services.refuse(text=text, **facts)
        case "reply":
            services.reply(text=text, **facts)
        case "withdraw":
            services.withdraw(text=text, **facts)
        case "decide":
            said = request.POST.get("outcome", "")
            services.decide(outcome=Outcome(said) if said in tuple(Outcome) else None, text=text, **facts)
        case _:
            raise Http404
    messages.success(request, _("已办理。"))
    return redirect("market:complaint", public_id)
