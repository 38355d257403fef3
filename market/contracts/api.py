"""Programs' doors of a contract: put forward, taken back, returned, confirmed."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth

from accounts.bodies import body_of, filled, typed
from accounts.flood import limited
from market.contracts import forms, services
from market.projects import queries as projects
from market.projects.told import Standing, standing

router = Router(tags=["contracts"], auth=django_auth)


class Terms(Schema):
    """amount: yuan as text, the winner's quote.  late_reason: where it is late."""

    amount: str
    payment: str
    delivery: str
    late_reason: str = ""


@router.post("/projects/{number}/contract", response=Standing)
def propose(request: HttpRequest, number: str, told: Form[Terms], file: File[UploadedFile]) -> Any:
    """Put a contract before the winner, with its file."""
    found = projects.visible(number, viewer=request.actor)
    said = filled(forms.ContractForm(typed(told), {"file": file}))
    amount: Decimal = said.pop("amount")
    services.propose(
        number=number, amount=amount, **said, name=said["file"].name, by=request.actor, at=request.arrived_at
    )
    return standing(found)


@router.delete("/projects/{number}/contract", response=Standing)
def take_back(request: HttpRequest, number: str) -> Any:
    """Take it back before it is answered."""
    found = projects.visible(number, viewer=request.actor)
    services.take_back(number=number, by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/contract/return", response=Standing)
@limited
def send_back(request: HttpRequest, number: str, body: body_of(forms.ReturnForm)) -> Any:  # type: ignore[valid-type]
    """Send it back with reasons."""
    found = projects.visible(number, viewer=request.actor)
    services.send_back(number=number, **filled(forms.ReturnForm(typed(body))), by=request.actor, at=request.arrived_at)
    return standing(found)


@router.post("/projects/{number}/contract/confirmation", response=Standing)
@limited
def confirm(request: HttpRequest, number: str, body: body_of(forms.ConfirmForm)) -> Any:  # type: ignore[valid-type]
    """Confirm it: the contract stands."""
    found = projects.visible(number, viewer=request.actor)
    services.confirm(number=number, **filled(forms.ConfirmForm(typed(body))), by=request.actor, at=request.arrived_at)
    return standing(found)
