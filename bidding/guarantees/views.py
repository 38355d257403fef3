"""The page of guarantees, and noting that one went back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bidding.guarantees import forms, queries, services
from bidding.tender import queries as tenders
from market.projects import queries as projects
from market.projects.sides import Work
from rulebook.calendar import day_in_china


@require_safe
@login_required
@never_cache
def guarantees(request: HttpRequest, number: str) -> HttpResponse:
    """Every guarantee for the buyer's officers, its own for a bidder."""
    shown = projects.visible(number, viewer=request.actor)
    at = request.arrived_at
    rows = [(each, each.overdue(at)) for each in queries.seen(shown, viewer=request.actor)]
    tender = tenders.tender(number)
    told = {
        "project": shown,
        "tender": tender,
        "sealed_due": queries.sealed_for_good(tender),
        "all_back": queries.all_back(tender),
        "rows": rows,
        "hosts": shown.does(Work.HOST, request.actor),
        "today": day_in_china(at).isoformat(),
        "law": shown.procedure.refund.law,
    }
    return render(request, "bidding/guarantees/guarantees.html", told)


@require_POST
@login_required
def note_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Note a refund."""
    tender = tenders.own(number, viewer=request.actor)
    form = forms.RefundForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写退还日期。"))
        return redirect("bidding:guarantees", number)
    services.note_refund(
        project_number=tender.project.number, org=form.cleaned_data["org"], on=form.cleaned_data["on"],
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已登记退还。"))
    return redirect("bidding:guarantees", number)
