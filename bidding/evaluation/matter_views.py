"""Doors of what a panel does beside its sheets, and of the bidder it asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bidding.evaluation import forms, matter_pages, queries, raising
from bidding.evaluation.panel_models import PanelMatter
from market.projects import queries as projects


@require_POST
@login_required
def sign_in(request: HttpRequest, number: str) -> HttpResponse:
    """A member signs in and promises secrecy."""
    promised = request.POST.get("promised") == "yes"
    raising.sign_in(project_number=number, promised=promised, by=request.actor, at=request.arrived_at)
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def elect(request: HttpRequest, number: str) -> HttpResponse:
    """A member votes for a leader."""
    choice = forms.whole(request.POST.get("seat", ""))
    raising.elect(project_number=number, choice=choice, by=request.actor, at=request.arrived_at)
    return redirect("bidding:evaluation", number)


@require_safe
@login_required
@never_cache
def matters(request: HttpRequest, number: str) -> HttpResponse:
    """The panel's matters, for its members."""
    project = projects.visible(number, viewer=request.actor)
    return render(request, "bidding/evaluation/matters.html", matter_pages.panel(project, request.actor))


@require_POST
@login_required
def raise_matter(request: HttpRequest, number: str) -> HttpResponse:
    """A member raises a matter."""
    kind, org, text, facts = forms.matter(request.POST)
    raising.raise_matter(
        project_number=number, kind=kind, org=org, text=text, facts=facts, by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已提出，请其他成员表决。"))
    return redirect("bidding:matters", number)


@require_POST
@login_required
def vote(request: HttpRequest, number: str, matter: int) -> HttpResponse:
    """A member votes on a matter."""
    stage, yes = request.POST.get("stage", ""), request.POST.get("yes") == "yes"
    _found(request, number)
    try:
        raising.vote(
            project_number=number, matter=matter, stage=stage, yes=yes, by=request.actor, at=request.arrived_at
        )
    except PanelMatter.DoesNotExist as gone:
        raise Http404 from gone
    return redirect("bidding:matters", number)


def _found(request: HttpRequest, number: str) -> None:
    if queries.member(projects.visible(number, viewer=request.actor), request.actor) is None:
        raise Http404


@require_safe
@login_required
@never_cache
def asked(request: HttpRequest, number: str) -> HttpResponse:
    """What a bidder was asked, for that bidder alone."""
    project = projects.visible(number, viewer=request.actor)
    return render(request, "bidding/evaluation/asked.html", matter_pages.bidder(project, request.actor))


@require_POST
@login_required
def reply(request: HttpRequest, number: str, matter: int) -> HttpResponse:
    """A bidder answers."""
    matter_pages.bidder(projects.visible(number, viewer=request.actor), request.actor)
    agreed = forms.YES_NO.get(request.POST.get("agreed", ""))
    try:
        raising.reply(
            project_number=number, matter=matter, text=request.POST.get("text", ""), agreed=agreed, by=request.actor,
            at=request.arrived_at,
        )  # fmt: skip
    except PanelMatter.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, _("答复已送达评审小组。"))
    return redirect("bidding:asked", number)
