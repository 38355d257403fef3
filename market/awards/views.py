"""Doors of the candidates' publication; the page itself is the award's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.factors.door import stepped_up
from market.awards import accepting, confirming, services
from market.projects import queries as projects
from market.projects.context import terms_of_request


@require_POST
@login_required
@stepped_up
def publish_candidates(request: HttpRequest, number: str) -> HttpResponse:
    """Publish the candidates."""
    shown = projects.visible(number, viewer=request.actor)
    services.publish_candidates(number=shown.number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("{terms.candidate}已公示。").format(terms=terms_of_request(request)))
    return redirect("market:award", number)


@require_POST
@login_required
@stepped_up
def confirm_report(request: HttpRequest, number: str) -> HttpResponse:
    """Take the report, for the buyer whose agent had it made."""
    shown = projects.visible(number, viewer=request.actor)
    confirming.confirm_report(
        number=shown.number, seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at
    )
    text = _("{terms.evaluation}报告已确认，请按排序确定{terms.winner}。")
    messages.success(request, text.format(terms=terms_of_request(request)))
    return redirect("market:award", number)


@require_POST
@login_required
@stepped_up
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Say yes to the award."""
    shown = projects.visible(number, viewer=request.actor)
    accepting.accept(number=shown.number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已确认{terms.award}。").format(terms=terms_of_request(request)))
    return redirect("market:award", number)


@require_POST
@login_required
def object_to_candidates(request: HttpRequest, number: str) -> HttpResponse:
    """Object to them."""
    shown = projects.visible(number, viewer=request.actor)
    text = request.POST.get("text", "")
    services.object_to_candidates(number=shown.number, text=text, by=request.actor, at=request.arrived_at)
    messages.success(request, _("异议已提交，答复前暂停定标。"))
    return redirect("market:award", number)


@require_POST
@login_required
def answer_objection(request: HttpRequest, number: str, objection: str) -> HttpResponse:
    """Answer an objection."""
    shown = projects.visible(number, viewer=request.actor)
    services.answer_objection(
        number=shown.number,
        objection=objection,
        text=request.POST.get("text", ""),
        by=request.actor,
        at=request.arrived_at,
    )
    messages.success(request, _("异议已答复。"))
    return redirect("market:award", number)
