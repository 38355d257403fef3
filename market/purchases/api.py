"""Programs' doors of a purchase in the supermarket: its draft step by step, approval, publication, once more."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.bodies import Seen, filled, typed
from accounts.flood import limited
from market.projects import services as project_services
from market.projects.told import HandedIn, Standing, handed_in, standing
from market.purchases import forms, pages, queries, rules, services
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if

router = Router(tags=["purchases"], auth=django_auth)


class Begun(Schema):
    """What is bought, as the form of a new purchase asks for it.  letter: of the purchaser an agent buys for."""

    said: dict[str, str]
    letter: UUID | None = None


class Step(Schema):
    """One step of the draft.  said: its fields, as the step's form names them."""

    said: dict[str, str | bool | list[str] | None]


class Comment(Seen):
    comment: str


@router.post("/purchases", response=Standing)
@limited
def draft(request: HttpRequest, body: Begun) -> Any:
    """Begin a purchase. Its number is answered."""
    refuse_if(rules.why_not_buy(kind=queries.buys_as(request.actor), by=request.actor))
    said = filled(forms.NewForm(body.said, on=day_in_china(request.arrived_at)))
    made = services.draft(facts=said, letter=body.letter, by=request.actor, at=request.arrived_at)
    return standing(made.project)


@router.put("/purchases/{number}/draft/steps/{step}", response=Standing)
@limited
def edit(request: HttpRequest, number: str, step: str, body: Step) -> Any:
    """Write one step of the draft anew: what, conditions, money, method, time; a citizen's has fewer."""
    row = queries.own(number, request.actor)
    steps = pages.steps_of(row)
    if step not in steps:
        raise Http404
    form = steps[step](typed(body.said), row=row, on=day_in_china(request.arrived_at))
    filled(form)
    services.edit(number=number, facts=form.facts(), by=request.actor, at=request.arrived_at)
    return standing(row.project)


@router.post("/purchases/{number}/draft/submission", response=Standing)
def submit(request: HttpRequest, number: str) -> Any:
    """Hand it in for approval; it is published at once, or at its minute, where one person decides."""
    row = queries.own(number, request.actor)
    services.submit(number=number, by=request.actor, at=request.arrived_at)
    return standing(row.project)


@router.get("/purchases/{number}/draft/approval", response=HandedIn)
def waiting(request: HttpRequest, number: str) -> Any:
    """Which draft was handed in, for the approval to name it."""
    return handed_in(queries.own(number, request.actor).project)


@router.post("/purchases/{number}/draft/approval", response=Standing)
@limited
def approve(request: HttpRequest, number: str, body: Seen) -> Any:
    """Approve it as the second officer."""
    row = queries.own(number, request.actor)
    services.approve(number=number, seen=body.seen, by=request.actor, at=request.arrived_at)
    return standing(row.project)


@router.post("/purchases/{number}/draft/return", response=Standing)
@limited
def send_back(request: HttpRequest, number: str, body: Comment) -> Any:
    """Send it back with comments."""
    row = queries.own(number, request.actor)
    project_services.send_back(
        number=number, comment=body.comment, seen=body.seen, by=request.actor, at=request.arrived_at
    )
    return standing(row.project)


@router.delete("/purchases/{number}/draft/schedule", response=Standing)
def cancel_schedule(request: HttpRequest, number: str) -> Any:
    """Take the minute of publication back and open the draft again."""
    row = queries.own(number, request.actor)
    project_services.cancel_schedule(number=number, by=request.actor, at=request.arrived_at)
    return standing(row.project)


@router.post("/purchases/{number}/again", response=Standing)
def again(request: HttpRequest, number: str) -> Any:
    """Draft a failed purchase once more. The new number is answered."""
    queries.own(number, request.actor)
    return standing(services.draft_again(number=number, by=request.actor, at=request.arrived_at).project)
