"""The bidder's workspace: facts, terms, what he has handed in. Sealing itself happens in his browser."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.templatetags.parts import sentence
from bidding.submission import devices, keeping, queries, straight
from bidding.tender import queries as tenders
from documents import typesetting
from ledger import queries as ledger
from market.projects import queries as projects
from market.projects.rules import Stage
from people.custody.queries import custody
from rulebook.actor import Role
from rulebook.times import parse_iso


@require_GET
@login_required
def workspace(request: HttpRequest, number: str) -> HttpResponse:
    """One's own bid. The page is as long for the first bidder as for the hundredth."""
    project = projects.visible(number, viewer=request.actor)
    tender = tenders.tender(project.number)
    if not tender.has_halves:  # it has a page of its own, with less to fill in
        return redirect("bidding:offer", number)
    context = {
        "project": project,
        "tender": tender,
        "parts": {part: made for part, made in tenders.committees(tender).items() if part in queries.asked(tender)},
        "closes_at": queries.calendar(tender).closes_at,
        "round": queries.current_round(tender),
        "against": queries.why_not_bid(tender, by=request.actor, at=request.arrived_at),
        "mine": queries.my_bid(tender, viewer=request.actor),
        "lots": [(lot, bool(own)) for lot, own in queries.own_lots(project, viewer=request.actor)],
        "limit": settings.ENVELOPE_LIMIT,
        "served": ledger.scripts_served(),
        "custody": custody(request.actor.organisation),
    }
    response = render(request, "bidding/submission/workspace.html", context)
    response["Cache-Control"] = "no-store"
    response._csp_update = straight.policy()  # type: ignore[attr-defined]
    return devices.known(request, response)


@require_GET
@login_required
def lots(request: HttpRequest, number: str) -> HttpResponse:
    """One sitting for all lots of a batch. Not found for a purchase alone."""
    project = projects.visible(number, viewer=request.actor)
    found = queries.sitting(project, viewer=request.actor, at=request.arrived_at)
    told = [
        {
            "number": lot.number,
            "place": lot.place,
            "title": lot.title,
            "cap": f"{lot.cap:,.2f}",
            "parts": lot.parts,
            "policy": lot.policy,
            "guarantee": lot.guarantee,
            "leader": lot.leader,
            "mayBid": not lot.against,
            "why": "；".join(sentence(reason, project.terms) for reason in lot.against),
            "mine": lot.mine,
        }
        for lot in found
    ]
    context = {
        "project": project,
        "tender": tenders.tender(project.number),
        "lots": found,
        "told": told,
        "custody": custody(request.actor.organisation),
        "may_bid": any(not lot.against for lot in found),
        "limit": settings.ENVELOPE_LIMIT,
    }
    response = render(request, "bidding/submission/lots.html", context)
    response["Cache-Control"] = "no-store"
    response._csp_update = straight.policy()  # type: ignore[attr-defined]
    return devices.known(request, response)


@require_GET
@login_required
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """Where a member of a consortium signs, in its own browser, that it takes part. Nothing is sent from here."""
    project = projects.visible(number, viewer=request.actor)
    tender = tenders.tender(project.number)
    lots = [lot for lot in projects.lots(project) if lot.stage != Stage.DRAFT] or [project]
    context = {
        "project": project,
        "lots": lots,
        "told": {"part": tender.layout.documents, "numbers": [lot.number for lot in lots]},
        "is_provider": request.actor.role is Role.PROVIDER,
        "laws": (project.procedure.together.law, project.procedure.together.once),
    }
    response = render(request, "bidding/submission/consent.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def receipts(request: HttpRequest, number: str) -> HttpResponse:
    """One's own receipts as a page to print and keep, each with a code that leads to where anyone checks it."""
    project = projects.visible(number, viewer=request.actor)
    check = request.build_absolute_uri(keeping.CHECK)
    kept = keeping.receipts(tenders.tender(project.number), viewer=request.actor, check=check)
    response = render(request, "bidding/submission/receipts.html", {"project": project, "receipts": kept})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def receipts_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same on paper, a page each. Not found for who has none."""
    project = projects.visible(number, viewer=request.actor)
    tender = tenders.tender(project.number)
    kept = keeping.receipts(tender, viewer=request.actor, check=request.build_absolute_uri(keeping.CHECK))
    if not kept:
        raise Http404
    values = keeping.paper(tender, kept, viewer=request.actor)
    data = typesetting.pdf("bidding/submission/receipts.typ", values, at=parse_iso(kept[-1]["received_at"]))
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{number}-receipts.pdf")
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def proof(request: HttpRequest, eid: str, leaf: str) -> HttpResponse:
    """The `.tlog-proof` of a receipt, for whoever holds it; not found before the closing, whatever is asked."""
    answer = HttpResponse(queries.proof_of(eid, leaf), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{eid}.tlog-proof"'
    answer["Cache-Control"] = "no-store"
    return answer
