"""The page of a purchase's rests: read by everybody, ordered and ended by those who may."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from market.notices import suspending
from market.notices.forms import ResumeForm, SuspendForm
from market.projects import queries as projects
from market.projects import stops
from market.projects.models import Project, Suspension
from rulebook.actor import Actor, Role


@require_safe
def suspension(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a purchase rests, why, until when; and every earlier rest."""
    return render(request, "market/notices/suspension.html", _told(request, _published(request, number)))


@require_POST
@login_required
def suspend(request: HttpRequest, number: str) -> HttpResponse:
    """Let it rest."""
    project = _published(request, number)
    _only_who_may(project, request.actor)
    form = SuspendForm(request.POST, grounds=_grounds(project, request.actor))
    if not form.is_valid():
        told = _told(request, project, form=form)
        return render(request, "market/notices/suspension.html", told, status=422)
    matter = request.POST.get("matter", "")[:36] if request.actor.role is Role.SUPERVISOR else ""
    suspending.suspend(number=number, **form.cleaned_data, matter=matter, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已暂停并公告。"))
    return redirect("market:suspension", number)


@require_POST
@login_required
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Let it go on."""
    project = _published(request, number)
    _only_who_may(project, request.actor)
    text = request.POST.get("text", "")
    suspending.resume(number=number, text=text, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已恢复并公告，暂停所占的时间不计入期限。"))
    return redirect("market:suspension", number)


def _published(request: HttpRequest, number: str) -> Project:
    """Raises Project.DoesNotExist: a draft has nothing to suspend."""
    project = projects.visible(number, viewer=request.actor)
    if project.published_at is None:
        raise Http404
    return project


def _only_who_may(project: Project, viewer: Actor) -> None:
    if stops.why_not_order(buyer=project.buyer_id, by=viewer):
        raise Http404


def _grounds(project: Project, viewer: Actor) -> tuple[stops.Ground, ...]:
    return stops.possible(regime=project.procedure.regime, stage=project.stage, role=viewer.role)


def _told(request: HttpRequest, project: Project, **more: Any) -> dict[str, Any]:
    by, at = request.actor, request.arrived_at
    held = project.resting
    may = not stops.why_not_order(buyer=project.buyer_id, by=by)
    grounds = _grounds(project, by) if may else ()
    return {
        "nav": "notices",
        "project": project,
        "held": held,
        "past": Suspension.objects.filter(project=project).exclude(ended_at=None).order_by("-started_at"),
        "may": may,
        "matter": request.GET.get("matter", "")[:36],
        "form": SuspendForm(grounds=grounds) if grounds else None,
        "resume_form": ResumeForm(),
        "against_resume": stops.why_not_resume(
            ground=held.ground if held else None, buyer=project.buyer_id, until=held.until if held else None, text="-",
            by=by, at=at,
        ),
        **more,
    }  # fmt: skip
