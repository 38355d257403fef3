"""Programs' doors of an auction: a quote, and what one's own quotes came to."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from bidding.auction import queries, services
from market.projects import queries as projects

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
