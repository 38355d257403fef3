"""Pages: the public list of bans, one of them with what followed, recording and confirming."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from blacklist.sanctions import queries, rules, services
from blacklist.sanctions.forms import Decision, Following
from blacklist.sanctions.models import Sanction, SanctionDraft
from blacklist.sanctions.words import FACT_WORDS, GRAVITY_WORDS, REGIME_WORDS
from rulebook.calendar import day_in_china
from rulebook.jurisdiction import has_jurisdiction
from rulebook.regions import name_of


@require_safe
def sanctions(request: HttpRequest) -> HttpResponse:
    """The public list, with a search by name, code or document number."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.shown(at=request.arrived_at, words=words), 20).get_page(request.GET.get("page"))
    on = day_in_china(request.arrived_at)
    against = rules.why_not_keep(by=request.actor)
    told = {
        "nav": "blacklist", "page": page, "rows": [(row, rules.in_force(row, on=on)) for row in page], "words": words,
        "against": against, "waiting": 0 if against else queries.waiting(request.actor).count(), "on": on,
    }  # fmt: skip
    return render(request, "blacklist/sanctions/list.html", told)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The public list as data."""
    on = day_in_china(request.arrived_at)
    fields = ("code", "name", "authority", "decision_no", "law", "grounds", "regimes", "region", "stayed")
    days = ("decided_on", "starts_on", "ends_on", "publish_until")
    told = [
        {field: getattr(row, field) for field in fields}
        | {day: getattr(row, day).isoformat() for day in days}
        | {"in_force": rules.in_force(row, on=on)}
        for row in queries.shown(at=request.arrived_at)
    ]
    return JsonResponse({"sanctions": told})


@require_safe
def sanction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One decision with what followed it."""
    row = _visible(request, public_id)
    on = day_in_china(request.arrived_at)
    told = {
        "nav": "blacklist", "row": row, "binding": rules.in_force(row, on=on), "on": on,
        "facts": [(fact, FACT_WORDS[rules.Fact(fact.kind)]) for fact in row.facts.order_by("pk")],
        "regimes": [REGIME_WORDS[regime] for regime in row.regimes],
        "gravity": GRAVITY_WORDS[rules.Gravity(row.gravity)], "keeps": not rules.why_not_keep(by=request.actor),
    }  # fmt: skip
    return render(request, "blacklist/sanctions/sanction.html", told)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def decision(request: HttpRequest) -> HttpResponse:
    """Record an authority's decision."""
    form = Decision(request.POST or None)
    if form.is_valid():
        services.record_decision(**form.cleaned_data, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已登记，待另一名监督人员确认后生效。"))
        return redirect("blacklist:drafts")
    against = rules.why_not_keep(by=request.actor)
    return render(request, "blacklist/sanctions/decision.html", {"nav": "blacklist", "form": form, "against": against})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def following(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record what followed a decision."""
    row = _visible(request, public_id)
    against = rules.why_not_keep(by=request.actor)
    form = Following(request.POST or None)
    if form.is_valid():
        services.note(public_id=public_id, by=request.actor, at=request.arrived_at, **form.cleaned_data)
        messages.success(request, _("已登记，待另一名监督人员确认后生效。"))
        return redirect("blacklist:drafts")
    told = {"nav": "blacklist", "form": form, "sanction": row, "against": against}
    return render(request, "blacklist/sanctions/following.html", told)


@login_required
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What waits for a second supervisor. Nobody else knows of it."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    rows = [
        {
            "row": row, "law": rules.BASES[row.told["basis"]].law if row.sanction is None else None,
            "what": _("禁入决定") if row.sanction is None else FACT_WORDS[rules.Fact(row.kind)],
            "region": name_of(row.told.get("region", "")),
            "against": rules.why_not_confirm(recorded_by=row.recorded_by, done=False, by=request.actor),
        }
        for row in queries.waiting(request.actor)
    ]  # fmt: skip
    return render(request, "blacklist/sanctions/drafts.html", {"nav": "blacklist", "rows": rows})


@login_required
@require_POST
@stepped_up
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Confirm or drop what another recorded."""
    row = get_object_or_404(SanctionDraft.objects.select_related("sanction"), public_id=public_id)
    if rules.why_not_keep(by=request.actor) or not has_jurisdiction(request.actor, queries.region_of(row)):
        raise Http404
    if request.POST.get("what") == "drop":
        services.drop(draft=public_id, by=request.actor, at=request.arrived_at)
        return redirect("blacklist:drafts")
    made = services.confirm(draft=public_id, by=request.actor, at=request.arrived_at)
    return redirect("blacklist:sanction", made.public_id)


def _visible(request: HttpRequest, public_id: UUID) -> Sanction:
    """A decision the viewer may see, else 404."""
    try:
        return queries.visible(public_id, viewer=request.actor, at=request.arrived_at)
    except Sanction.DoesNotExist as missing:
        raise Http404 from missing
