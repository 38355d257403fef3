"""Programs' doors: the drill of a custodian, the end of a generation of the key."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts.factors.door import stepped_up
from accounts.flood import limited
from people.custody import services

router = Router(tags=["custody"])


class Said(Schema):
    statement: dict[str, Any]


@router.post("/custody/challenge", auth=django_auth)
@limited
def challenge(request: HttpRequest) -> dict[str, str]:
    """What this custodian is to sign with the newest key of his house."""
    row = services.challenge(by=request.actor, at=request.arrived_at)
    return {"org": row.organisation_id, "person": request.actor.person, "challenge": row.challenge}


@router.post("/custody/revoke", auth=django_auth)
@limited
@stepped_up
def revoke(request: HttpRequest, body: Said) -> dict[str, object]:
    """End a generation of one's house's identity key with the `idr/1` a later generation signed."""
    row = services.revoke(statement=body.statement, by=request.actor, at=request.arrived_at)
    return {"org": row.organisation_id, "revoked": row.gen}


@router.post("/custody/drill", auth=django_auth)
@limited
def drill(request: HttpRequest, body: Said) -> dict[str, int]:
    """Hand in one's signed `drill/1`."""
    row = services.drill(statement=body.statement, by=request.actor, at=request.arrived_at)
    return {"gen": row.gen}
