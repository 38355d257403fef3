"""Pages: the public list of bans, recording and lifting one."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from blacklist.sanctions import queries, rules, services
from blacklist.sanctions.forms import Decision, Lifting
from blacklist.sanctions.models import Sanction
from rulebook.calendar import day_in_china


@require_safe
def sanctions(request: HttpRequest) -> HttpResponse:
    """The public list, with a search by name, code or document number."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.shown(at=request.arrived_at, words=words), 20).get_page(request.GET.get("page"))
    on = day_in_china(request.arrived_at)
    rows = [(row, rules.in_force(row, on=on)) for row in page]
    against = rules.why_not_keep(by=request.actor)
    told = {"nav": "blacklist", "page": page, "rows": rows, "words": words, "against": against}
    return render(request, "blacklist/sanctions/list.html", told)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The public list as data."""
    on = day_in_china(request.arrived_at)
    fields = ("code", "name", "authority", "decision_no", "law", "grounds", "regimes")
    days = ("decided_on", "starts_on", "ends_on", "lifted_on")
    told = [
        {field: getattr(row, field) for field in fields}
        | {day: value.isoformat() if (value := getattr(row, day)) else None for day in days}
        | {"in_force": rules.in_force(row, on=on)}
        for row in queries.shown(at=request.arrived_at)
    ]
    return JsonResponse({"sanctions": told})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest) -> HttpResponse:
    """Record an authority's decision."""
    form = Decision(request.POST or None)
    if form.is_valid():
        services.record_decision(**form.cleaned_data, by=request.actor, at=request.arrived_at)
        return redirect("blacklist:list")
    against = rules.why_not_keep(by=request.actor)
    return render(request, "blacklist/sanctions/decision.html", {"nav": "blacklist", "form": form, "against": against})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lifting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lift a ban."""
    sanction = get_object_or_404(Sanction, public_id=public_id)
    form = Lifting(request.POST or None)
    if form.is_valid():
        services.lift(public_id=public_id, by=request.actor, at=request.arrived_at, **form.cleaned_data)
        return redirect("blacklist:list")
    against = rules.why_not_lift(sanction, by=request.actor, on=day_in_china(request.arrived_at))
    told = {"nav": "blacklist", "form": form, "sanction": sanction, "against": against}
    return render(request, "blacklist/sanctions/lifting.html", told)
