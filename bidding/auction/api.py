"""Programs' doors of an auction: a quote, and what one's own quotes came to."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from bidding.auction import queries, services
from market.projects import queries as projects
from market.projects.told import Standing, standing

router = Router(tags=["auction"])


class Given(Schema):
    """quote: a number its maker chose, which stands for this price alone.  price: yuan."""

    quote: UUID
    price: str


@router.post("/projects/{number}/quotes", auth=django_auth, response=dict[str, Any])
@limited
def give(request: HttpRequest, number: str, given: Given) -> dict[str, Any]:
    """Quote. Sent again under the same number it counts once, and the answer is the same."""
    made = services.quote(
        project_number=number, quote=given.quote, price=given.price, by=request.actor, at=request.arrived_at
    )
    return queries.as_answer(made, made.bidder.alias)


@router.get("/projects/{number}/my-quotes", auth=django_auth, response=dict[str, Any])
def own(request: HttpRequest, number: str) -> dict[str, Any]:
    """One's own alias, and every quote of one's own with what became of it, newest first."""
    project = projects.visible(number, viewer=request.actor)
    part = queries.part_of(queries.auction(project.number), request.actor)
    if part is None:
        raise Http404
    return {"alias": part.alias, "quotes": [queries.as_row(quote) for quote in queries.own_quotes(part)]}


class Words(Schema):
    text: str


class Judged(Schema):
    """accepted: whether the explanation is believed.  reason: published."""

    accepted: bool
    reason: str


@router.post("/projects/{number}/auction/pause", auth=django_auth, response=Standing)
@limited
def pause(request: HttpRequest, number: str, body: Words) -> Any:
    """Stop the clock for everybody, with the reason."""
    project = projects.visible(number, viewer=request.actor)
    services.pause(project_number=number, reason=body.text, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/auction/resumption", auth=django_auth, response=Standing)
def resume(request: HttpRequest, number: str) -> Any:
    """Go on, for all bidders alike."""
    project = projects.visible(number, viewer=request.actor)
    services.resume(project_number=number, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/auction/explanation", auth=django_auth, response=Standing)
@limited
def explain(request: HttpRequest, number: str, body: Words) -> Any:
    """Say how one's last quote can be so low."""
    project = projects.visible(number, viewer=request.actor)
    services.explain(project_number=number, text=body.text, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/auction/judgement", auth=django_auth, response=Standing)
@limited
def judge(request: HttpRequest, number: str, body: Judged) -> Any:
    """Accept an explanation, or not."""
    project = projects.visible(number, viewer=request.actor)
    services.judge(
        project_number=number, accepted=body.accepted, reason=body.reason, by=request.actor, at=request.arrived_at
    )
    return standing(project)
