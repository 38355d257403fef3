"""Programs' doors of candidates, result and the winner's answer."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from market.awards import accepting, services
from market.projects import queries as projects
from market.projects.told import Standing, standing

router = Router(tags=["awards"], auth=django_auth)


class Words(Schema):
    text: str


class Chosen(Schema):
    """org: credit code of the candidate whose turn it is."""

    org: str


@router.post("/projects/{number}/award/candidates", response=Standing)
def publish_candidates(request: HttpRequest, number: str) -> Any:
    """Publish the candidates, where the procedure does."""
    found = projects.visible(number, viewer=request.actor)
    services.publish_candidates(number=number, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/determination", response=Standing)
@limited
def determine(request: HttpRequest, number: str, body: Chosen) -> Any:
    """Determine the winner; where the panel's names are still secret, the notice follows when they are open."""
    found = projects.visible(number, viewer=request.actor)
    services.determine(number=number, org=body.org, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/delay", response=Standing)
@limited
def explain_delay(request: HttpRequest, number: str, body: Words) -> Any:
    """Note why the buyer needs longer."""
    found = projects.visible(number, viewer=request.actor)
    services.explain_delay(number=number, text=body.text, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/acceptance", response=Standing)
def accept(request: HttpRequest, number: str) -> Any:
    """Say yes to the award."""
    found = projects.visible(number, viewer=request.actor)
    accepting.accept(number=number, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/declination", response=Standing)
@limited
def decline(request: HttpRequest, number: str, body: Words) -> Any:
    """Decline the award, with the reason."""
    found = projects.visible(number, viewer=request.actor)
    services.decline(number=number, reason=body.text, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/objections", response=Standing)
@limited
def object_to_candidates(request: HttpRequest, number: str, body: Words) -> Any:
    """Object to the candidates: nobody is determined before it is answered."""
    found = projects.visible(number, viewer=request.actor)
    services.object_to_candidates(number=number, text=body.text, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/award/objections/{objection}/answer", response=Standing)
@limited
def answer_objection(request: HttpRequest, number: str, objection: UUID, body: Words) -> Any:
    """Answer an objection."""
    found = projects.visible(number, viewer=request.actor)
    services.answer_objection(
        number=number, objection=str(objection), text=body.text, by=request.actor, at=request.arrived_at
    )
    return standing(found)
