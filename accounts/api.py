"""Programs' doors: identity keys."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from accounts import queries, services
from accounts.factors.door import stepped_up
from accounts.flood import limited

router = Router(tags=["keys"])


class Registration(Schema):
    statement: dict[str, Any]


@router.post("/keys", auth=django_auth)
@limited
@stepped_up
def register_key(request: HttpRequest, body: Registration) -> dict[str, Any]:
    """Register the identity key of one's own organisation with its signed `idk/1`."""
    row = services.register_key(statement=body.statement, by=request.actor, at=request.arrived_at)
    return {"org": row.organisation_id, "gen": row.gen, "key": row.key}


@router.get("/keys/{org}", auth=None)
def keys(request: HttpRequest, org: str) -> dict[str, Any]:
    """The registered identity keys of an organisation, as the statements that registered and revoked them."""
    organisation = queries.organisation(org)
    return {
        "org": organisation.code, "name": organisation.name, "keys": queries.key_statements(org),
        "revoked": queries.revocations(org),
    }  # fmt: skip
