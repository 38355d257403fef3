"""Programs' doors of the opening: signed statements, and what the supervisor signs about too few bids."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Body, Router
from ninja.security import django_auth

from accounts.flood import limited
from bidding.opening import doors, hearing, queries, services
from bidding.tender import queries as tenders
from market.projects import queries as projects

router = Router(tags=["opening"])
PIECE = 64 * 1024


@router.post("/projects/{number}/statements", auth=None, response=dict[str, Any])
@limited
def hear(request: HttpRequest, number: str, statement: dict[str, Any] = Body(...)) -> dict[str, Any]:  # noqa: B008
    """Say something signed: present/1, rel/1, ack/1, obj/1, few/1. The signature alone says who speaks."""
    return hearing.hear(project_number=number, statement=statement, at=request.arrived_at).as_json()


@router.get("/projects/{number}/closing", auth=django_auth, response=dict[str, Any])
def few_closing(request: HttpRequest, number: str) -> dict[str, Any]:
    """The closing list with its proofs, for the supervisor of a tender with too few bids; for nobody else."""
    project = projects.visible(number, viewer=request.actor)
    told = queries.few_closing(tenders.tender(project.number), viewer=request.actor, at=request.arrived_at)
    if told is None:
        raise Http404
    return told


@router.get("/projects/{number}/room", auth=django_auth, response=dict[str, Any])
def room(request: HttpRequest, number: str) -> dict[str, Any]:
    """The public entries and what happened behind closed doors, in one order, as far as this reader may see it."""
    project = projects.visible(number, viewer=request.actor)
    seen = doors.sight(project, request.actor)
    if seen is doors.Sight.NONE:
        raise Http404
    return {"entries": doors.facts(project, seen=seen, organisation=request.actor.organisation)}


@router.post("/holders/room", auth=None, response=dict[str, Any])
@limited
def holders_room(request: HttpRequest, statement: dict[str, Any] = Body(...)) -> dict[str, Any]:  # noqa: B008
    """The same for an unattended key holder, who says by a fresh `rdy/1` under his own key who he is."""
    project = doors.asked_by_holder(statement, at=request.arrived_at)
    return {"entries": doors.facts(project, seen=doors.Sight.KEYS, organisation=str(statement["org"]))}


@router.put("/projects/{number}/my-copies/{sha256}", auth=django_auth, response={204: None})
def restore_envelope(request: HttpRequest, number: str, sha256: str) -> tuple[int, None]:
    """Upload one's own copy of an envelope whose stored file was damaged."""
    chunks = iter(lambda: request.read(PIECE), b"")
    services.restore_envelope(
        project_number=number, sha256=sha256, chunks=chunks, by=request.actor, at=request.arrived_at
    )
    return 204, None
