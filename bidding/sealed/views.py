"""Pages: a provider's own sealed quote, and the opened quotes for everybody."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.queries import name_of
from bidding.opening import queries as openings
from bidding.sealed import queries, services
from bidding.submission import queries as submissions
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from ledger import queries as ledger
from market.projects import queries as projects
from market.projects.rules import Stage


def _published(request: HttpRequest, number: str) -> Tender:
    """A published purchase that takes sealed quotes. Raises Tender.DoesNotExist for any other, as for nothing."""
    tender = queries.tender(projects.visible(number, viewer=request.actor).number)
    if tender.project.stage == Stage.DRAFT:
        raise Tender.DoesNotExist
    return tender


def _holders(tender: Tender) -> list[str]:
    first = next(iter(tenders.committees(tender).values()), None)
    return [name_of(place["org"]) for place in first.roster] if first else []


@require_GET
@login_required
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """One's own quote, in one page. It is as long for the first who offers as for the hundredth."""
    tender = _published(request, number)
    context = {
        "nav": "notices",
        "project": tender.project,
        "purchase": tender.project.purchase,
        "tender": tender,
        "parts": tenders.committees(tender),
        "holders": _holders(tender),
        "against": submissions.why_not_bid(tender, by=request.actor, at=request.arrived_at),
        "mine": submissions.my_bid(tender, viewer=request.actor),
        "limit": settings.ENVELOPE_LIMIT,
        "served": ledger.scripts_served(),
    }
    response = render(request, "bidding/sealed/offer.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def offers(request: HttpRequest, number: str) -> HttpResponse:
    """The quotes once they are open, with every figure of the choice; before that, when and by whom they are opened."""
    tender = _published(request, number)
    at = request.arrived_at
    own = queries.own_low(tender, viewer=request.actor)
    context = {
        "nav": "notices",
        "project": tender.project,
        "purchase": tender.project.purchase,
        "tender": tender,
        "holders": _holders(tender),
        "opening": openings.stand(tender.project, at=at).opening,
        "units": openings.stand(tender.project, at=at).units,
        "outcome": queries.outcome(tender, at=at),
        "formula": queries.formula(tender),
        "own_low": own if own and own.answered_at is None and at < own.due_at else None,
    }
    return render(request, "bidding/sealed/offers.html", context)


@require_POST
@login_required
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Say why one's quote is so low."""
    tender = _published(request, number)
    text = request.POST.get("text", "")
    services.explain(project_number=tender.project.number, text=text, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已说明，理由随结果公布。"))
    return redirect("bidding:offers", number)
