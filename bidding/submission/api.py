"""Programs' doors of offering: slots, envelopes, bids, withdrawals, one's own bid."""

from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from bidding.submission import devices, envelopes, queries, services
from bidding.tender import queries as tenders
from market.projects import queries as projects
from rulebook.refusal import Kind, Reason, Refused

router = Router(tags=["bids"], auth=django_auth)
PIECE = 64 * 1024


class Subs(Schema):
    """One signed sub/1 for each part."""

    subs: list[dict[str, Any]]


class Wds(Schema):
    """One signed wd/1 for each live part."""

    wds: list[dict[str, Any]]


class Stored(Schema):
    """What the server has of an uploaded envelope."""

    sha256: str
    size: int


class ReceiptOut(Schema):
    """note: the signed receipt.  nonce and event: what opens its entry in the sealed log."""

    part: str
    note: str
    nonce: str
    event: str
    received_at: str


class Receipts(Schema):
    receipts: list[ReceiptOut]


@router.post("/projects/{number}/slots", response=dict[str, int])
def allot_slots(request: HttpRequest, number: str) -> dict[str, int]:
    """Slots to seal to, one for each part; unused ones are given again."""
    return services.allot_slots(project_number=number, by=request.actor, at=request.arrived_at)


@router.put("/projects/{number}/envelopes/{part}", response=Stored)
def store_envelope(request: HttpRequest, number: str, part: str) -> Any:
    """Upload a sealed envelope as the raw body. It is not a bid before its sub/1 is handed in."""
    chunks = iter(lambda: request.read(PIECE), b"")
    return services.store_envelope(
        project_number=number, part=part, chunks=chunks, by=request.actor, at=request.arrived_at
    )


@router.post("/projects/{number}/bids", response=Receipts)
@limited
def submit(request: HttpRequest, number: str, handed_in: Subs) -> dict[str, Any]:
    """Hand in: the small last act, idempotent, answered with a signed receipt for each part."""
    rows = services.submit(
        project_number=number, subs=handed_in.subs, by=request.actor, at=request.arrived_at,
        traces=devices.traces_of(request),
    )  # fmt: skip
    return {"receipts": queries.receipts(rows)}


@router.post("/projects/{number}/withdrawals", response=Receipts)
@limited
def withdraw(request: HttpRequest, number: str, handed_in: Wds) -> dict[str, Any]:
    """Take the whole bid back before the deadline."""
    rows = services.withdraw(project_number=number, wds=handed_in.wds, by=request.actor, at=request.arrived_at)
    return {"receipts": queries.receipts(rows)}


@router.get("/projects/{number}/my-bid", response=dict[str, Any])
def my_bid(request: HttpRequest, number: str) -> dict[str, Any]:
    """One's own versions and receipts, and what the next version has to say."""
    project = projects.visible(number, viewer=request.actor)
    return queries.my_bid(tenders.tender(project.number), viewer=request.actor)


@router.get("/projects/{number}/my-bid/{sha256}")
def own_envelope(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """The bytes of an envelope one has uploaded oneself. Refused where the house has lost them."""
    project = projects.visible(number, viewer=request.actor)
    row = queries.own_envelope(tenders.tender(project.number), sha256, viewer=request.actor)
    try:
        file = envelopes.streamed(row.sha256)
    except FileNotFoundError as lost:
        raise Refused(Reason("copy.lost", Kind.NOT_NOW, "平台保存的这份信封已损坏，请使用您自己保存的副本")) from lost
    answer = FileResponse(file, as_attachment=True, filename=f"{row.part}-{row.eid}.sbe")
    answer["Content-Length"] = str(row.size)
    return answer
