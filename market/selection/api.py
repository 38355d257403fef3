"""Programs' doors of a choice: enrol, take it back, pick."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth
from pydantic import Field

from accounts.flood import limited
from market.projects.told import Standing, standing
from market.purchases import queries as purchases
from market.selection import direct, queries, services
from rulebook.times import iso

router = Router(tags=["choices"], auth=django_auth)


class Enrolment(Schema):
    """receipt, withdrawal: signed notes; withdrawal is empty while it stands."""

    version: int
    received_at: str
    receipt: str
    withdrawal: str


class Picked(Schema):
    """org: credit code.  reason: published."""

    org: str
    reason: str


class Named(Picked):
    """amount: yuan."""

    amount: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2)]


@router.get("/purchases/{number}/enrolments", response=list[Enrolment])
def own(request: HttpRequest, number: str) -> Any:
    """One's own enrolments with their receipts, oldest first."""
    return _own(request, number)


@router.post("/purchases/{number}/enrolments", response=list[Enrolment])
def enrol(request: HttpRequest, number: str) -> Any:
    """Take part. Nobody learns it before the deadline."""
    found = queries.enrolling(number, viewer=request.actor)
    services.enrol(number=found.number, by=request.actor, at=request.arrived_at)
    return _own(request, number)


@router.delete("/purchases/{number}/enrolments", response=list[Enrolment])
def withdraw(request: HttpRequest, number: str) -> Any:
    """Take it back before the deadline."""
    found = queries.enrolling(number, viewer=request.actor)
    services.withdraw(number=found.number, by=request.actor, at=request.arrived_at)
    return _own(request, number)


def _own(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    rows = queries.own(queries.enrolling(number, viewer=request.actor), viewer=request.actor)
    return [
        {
            "version": row.version, "received_at": iso(row.received_at), "receipt": row.receipt,
            "withdrawal": row.withdrawal.receipt if hasattr(row, "withdrawal") else "",
        }
        for row in rows
    ]  # fmt: skip


@router.post("/purchases/{number}/choice/pick", response=Standing)
@limited
def pick(request: HttpRequest, number: str, body: Picked) -> Any:
    """Pick a firm off the short list."""
    found = queries.enrolling(number, viewer=request.actor)
    services.pick(number=number, org=body.org, reason=body.reason, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/purchases/{number}/choose", response=Standing)
@limited
def choose(request: HttpRequest, number: str, body: Named) -> Any:
    """Name a provider at a price, where the buyer names one itself."""
    row = purchases.own(number, request.actor)
    direct.pick(
        number=number, org=body.org, amount=body.amount, reason=body.reason, by=request.actor, at=request.arrived_at
    )
    return standing(row.project)
