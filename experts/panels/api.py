"""The gateways' door: what became of a message. It needs the gateways' token; without one it does not exist."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Router, Schema

from accounts.flood import limited
from experts.panels import calls

router = Router(tags=["panels"])


class Report(Schema):
    """arrived: whether the message reached the person.  fault: why not, in a word."""

    reference: str
    arrived: bool
    fault: str = ""


@router.post("gateways/reports", auth=None)
@limited
def report(request: HttpRequest, body: Report) -> dict[str, str]:
    """A gateway says what became of a message."""
    said = request.headers.get("Authorization", "")
    if not settings.GATEWAY_TOKEN or not hmac.compare_digest(
        said.encode(), f"Bearer {settings.GATEWAY_TOKEN}".encode()
    ):
        raise Http404
    row = calls.report(
        reference=body.reference, arrived=body.arrived, fault=body.fault, by=request.actor, at=request.arrived_at
    )
    return {"state": row.state}
