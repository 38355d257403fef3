"""The bidder's workspace: facts, terms, what he has handed in. Sealing itself happens in his browser."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bidding.submission import queries
from bidding.tender import queries as tenders
from documents import qr
from market.projects import queries as projects
from proofs import note as note_texts
from proofs import receipt as receipt_texts
from proofs.receipt import Receipt

CHECK = "/verify/receipt/"  # where anyone holding a receipt checks it


@require_GET
@login_required
def workspace(request: HttpRequest, number: str) -> HttpResponse:
    """One's own bid. The page is as long for the first bidder as for the hundredth."""
    project = projects.visible(number, viewer=request.actor)
    tender = tenders.tender(project.number)
    context = {
        "project": project,
        "tender": tender,
        "parts": tenders.committees(tender),
        "against": queries.why_not_bid(tender, by=request.actor, at=request.arrived_at),
        "mine": queries.my_bid(tender, viewer=request.actor),
        "limit": settings.ENVELOPE_LIMIT,
    }
    response = render(request, "bidding/submission/workspace.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def receipts(request: HttpRequest, number: str) -> HttpResponse:
    """One's own receipts as a page to print and keep, each with a code that leads to where anyone checks it."""
    project = projects.visible(number, viewer=request.actor)
    mine = queries.my_bid(tenders.tender(project.number), viewer=request.actor)
    rows = sorted(
        [*mine["versions"], *mine["withdrawals"]], key=lambda row: (row["received_at"], row["part"] == "body")
    )
    check = request.build_absolute_uri(CHECK)
    kept = [{**row, "read": _read(row["note"]), "check": f"{check}#{qr.packed(row['note'])}"} for row in rows]
    response = render(request, "bidding/submission/receipts.html", {"project": project, "receipts": kept})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def proof(request: HttpRequest, eid: str, leaf: str) -> HttpResponse:
    """The `.tlog-proof` of a receipt, for whoever holds it; not found before the closing, whatever is asked."""
    answer = HttpResponse(queries.proof_of(eid, leaf), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{eid}.tlog-proof"'
    answer["Cache-Control"] = "no-store"
    return answer


def _read(note: str) -> Receipt:
    return receipt_texts.parse(note_texts.parse(note).text)
