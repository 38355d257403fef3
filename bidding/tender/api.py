"""Programs' doors: holders hand in slot keys, providers take the documents."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import django_auth

from bidding.tender import committees, services
from market.projects import queries as projects

router = Router(tags=["tender"])


class Slots(Schema):
    """A signed slots/1, and the keys it is over: base64url of n × 32 bytes."""

    statement: dict[str, Any]
    keys: str


class Posted(Schema):
    org: str
    i: int


class Taken(Schema):
    """The signed note over the taking."""

    receipt: str


@router.post("/projects/{number}/committee/{part}", auth=None, response=Posted)
def post_slots(request: HttpRequest, number: str, part: str, body: Slots) -> Any:
    """A key holder's slot keys for one part; authenticated by the statement's signature alone."""
    member = committees.post_slots(
        project_number=number, part=part, statement=body.statement, keys=body.keys, at=request.arrived_at
    )
    return {"org": member.organisation, "i": member.i}


@router.post("/projects/{number}/take", auth=django_auth, response=Taken)
def take(request: HttpRequest, number: str) -> Any:
    """获取文件: a receipt at once, without approval; again gives the same receipt."""
    project = projects.visible(number, viewer=request.actor)
    taking = services.take_documents(project_number=project.number, by=request.actor, at=request.arrived_at)
    return {"receipt": taking.receipt}
