"""Programs' doors: holders hand in slot keys, providers take the documents."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Body, Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from bidding.holding import queries as roster
from bidding.holding.rules import SLOTS
from bidding.tender import committees, queries, readiness, services
from market.projects import queries as projects
from rulebook.actor import Role
from rulebook.times import iso

router = Router(tags=["tender"])


class Slots(Schema):
    """A signed slots/1, and the keys it is over: base64url of n × 32 bytes."""

    statement: dict[str, Any]
    keys: str


class Kept(Schema):
    number: str
    part: str


class Confirmed(Schema):
    at: str


class ToMake(Schema):
    """What a holder has still to make keys for: numbers set aside, and tenders that have asked."""

    slots: int
    numbers: list[dict[str, Any]]
    wanted: list[dict[str, Any]]


class Posted(Schema):
    org: str
    i: int


class Taken(Schema):
    """The signed note over the taking."""

    receipt: str


@router.post("/projects/{number}/committee/{part}", auth=None, response=Posted)
@limited
def post_slots(request: HttpRequest, number: str, part: str, body: Slots) -> Any:
    """A key holder's slot keys for one part; authenticated by the statement's signature alone."""
    member = committees.post_slots(
        project_number=number, part=part, statement=body.statement, keys=body.keys, at=request.arrived_at
    )
    return {"org": member.organisation, "i": member.i}


@router.post("/holders/slots", auth=None, response=Kept)
@limited
def keep_slots(request: HttpRequest, body: Slots) -> Any:
    """A holder's slot keys for one part of a reserved number; authenticated by the statement's signature alone."""
    kept = committees.keep_slots(statement=body.statement, keys=body.keys, at=request.arrived_at)
    return {"number": kept.number, "part": kept.part}


@router.post("/holders/ready", auth=None, response=Confirmed)
@limited
def confirm_ready(request: HttpRequest, statement: dict[str, Any] = Body(...)) -> Any:  # noqa: B008
    """A holder's word that it can open a tender; authenticated by the statement's signature alone."""
    return {"at": iso(readiness.confirm(statement=statement, at=request.arrived_at).confirmed_at)}


@router.get("/holders/slots", auth=django_auth, response=ToMake)
def slots_to_make(request: HttpRequest) -> Any:
    """The reserved numbers one's own organisation has no keys for yet, and what drafts wait for from it."""
    if request.actor.role is not Role.HOLDER:
        raise Http404
    org = request.actor.organisation
    ahead = roster.to_make(org) if roster.is_standing(org) else []
    return {"slots": SLOTS, "numbers": ahead, "wanted": queries.wanted_of(org)}


@router.post("/projects/{number}/take", auth=django_auth, response=Taken)
def take(request: HttpRequest, number: str) -> Any:
    """获取文件: a receipt at once, without approval; again gives the same receipt."""
    project = projects.visible(number, viewer=request.actor)
    taking = services.take_documents(project_number=project.number, by=request.actor, at=request.arrived_at)
    return {"receipt": taking.receipt}
