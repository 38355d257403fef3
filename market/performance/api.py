"""Programs' doors of a contract's performance. What carries files goes by its page."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth
from pydantic import Field

from accounts.bodies import body_of, filled, typed
from accounts.flood import limited
from market.performance import ending, forms, money, queries, services
from market.performance.rules import MOST_MILESTONES, Line
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.told import Standing, standing

router = Router(tags=["performance"], auth=django_auth)


class Milestone(Schema):
    """amount: yuan.  number: its own, which it keeps in later versions."""

    number: Annotated[int, Field(ge=1, le=MOST_MILESTONES)]
    what: Annotated[str, Field(min_length=1, max_length=300)]
    due_on: date
    amount: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2)]


class Plan(Schema):
    """reason: of a later version, which changes the contract."""

    milestones: Annotated[list[Milestone], Field(min_length=1, max_length=MOST_MILESTONES)]
    reason: Annotated[str, Field(max_length=1000)] = ""


def _found(request: HttpRequest, number: str) -> Project:
    """Raises where there is no contract the viewer may see."""
    project = projects.visible(number, viewer=request.actor)
    queries.contract(project)
    return project


@router.post("/projects/{number}/performance/plan", response=Standing)
@limited
def propose(request: HttpRequest, number: str, body: Plan) -> Any:
    """Put a plan before the other side."""
    project = _found(request, number)
    lines = [Line(each.number, each.what, each.due_on, each.amount) for each in body.milestones]
    services.propose_plan(number=number, lines=lines, reason=body.reason, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.delete("/projects/{number}/performance/plan", response=Standing)
def withdraw_plan(request: HttpRequest, number: str) -> Any:
    """Take it back before it is answered."""
    project = _found(request, number)
    services.withdraw_plan(number=number, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/performance/plan/answer", response=Standing)
@limited
def settle(request: HttpRequest, number: str, body: body_of(forms.SettleForm)) -> Any:  # type: ignore[valid-type]
    """Agree to the other side's plan, or say what is to be changed."""
    project = _found(request, number)
    said = filled(forms.SettleForm(typed(body)))
    services.settle_plan(number=number, **said, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/performance/inspections", response=Standing)
@limited
def inspect(request: HttpRequest, number: str, body: body_of(forms.InspectForm)) -> Any:  # type: ignore[valid-type]
    """Accept what was handed over, or return it with reasons."""
    project = _found(request, number)
    said = filled(forms.InspectForm(typed(body)))
    services.inspect(number=number, **said, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.delete("/projects/{number}/performance/termination", response=Standing)
def withdraw_notice(request: HttpRequest, number: str) -> Any:
    """Take one's notice of termination back."""
    project = _found(request, number)
    ending.withdraw_notice(number=number, by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/performance/termination/decision", response=Standing)
@limited
def decide(request: HttpRequest, number: str, body: body_of(forms.DecideForm)) -> Any:  # type: ignore[valid-type]
    """Note how a dispute about a termination was decided elsewhere."""
    project = _found(request, number)
    ending.decide(number=number, **filled(forms.DecideForm(typed(body))), by=request.actor, at=request.arrived_at)
    return standing(project)


@router.post("/projects/{number}/performance/invoices", response=Standing)
@limited
def invoice(request: HttpRequest, number: str, body: body_of(forms.InvoiceForm)) -> Any:  # type: ignore[valid-type]
    """Note an invoice."""
    project = _found(request, number)
    money.record_invoice(
        number=number, **filled(forms.InvoiceForm(typed(body))), by=request.actor, at=request.arrived_at
    )
    return standing(project)


@router.post("/projects/{number}/performance/payments", response=Standing)
@limited
def pay(request: HttpRequest, number: str, body: body_of(forms.PaymentForm)) -> Any:  # type: ignore[valid-type]
    """Note a payment; no money moves here."""
    project = _found(request, number)
    money.record_payment(
        number=number, **filled(forms.PaymentForm(typed(body))), by=request.actor, at=request.arrived_at
    )
    return standing(project)


@router.post("/projects/{number}/performance/payments/answer", response=Standing)
@limited
def arrived(request: HttpRequest, number: str, body: body_of(forms.ArrivedForm)) -> Any:  # type: ignore[valid-type]
    """Say whether a payment arrived."""
    project = _found(request, number)
    money.answer_payment(
        number=number, **filled(forms.ArrivedForm(typed(body))), by=request.actor, at=request.arrived_at
    )
    return standing(project)
