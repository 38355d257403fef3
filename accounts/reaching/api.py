"""The gateways' doors: what became of a message, and from whom a WeChat code came. Spec: docs/reaching.md.

What is not signed with the secret finds nothing here: 404, whatever it names.
"""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, ValidationError

from accounts.flood import limited
from accounts.reaching import rules, sending, services, signing
from accounts.reaching.rules import State
from rulebook.refusal import Kind, Reason, Refused, refuse_if

router = Router(tags=["gateways"])
MALFORMED = Reason("reaching.malformed", Kind.NOT_VALID, "请求体不符合约定")
TOLD = {"delivered": State.DELIVERED, "failed": State.FAILED}


class Receipt(BaseModel):
    """state: delivered or failed.  fault: why it failed, in a word; nothing about its person."""

    reference: str
    state: str
    fault: str = ""


class Binding(BaseModel):
    """code: what somebody sent to the service account.  address: his openid there."""

    code: str
    address: str


def told_by(shape: type[BaseModel]) -> dict[str, Any]:
    """What the description of a door says of its body, which is read only after its signature."""
    headers = [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
               for name in (signing.TIME_HEADER, signing.SIGNATURE_HEADER)]  # fmt: skip
    content = {"application/json": {"schema": shape.model_json_schema()}}
    return {"parameters": headers, "requestBody": {"required": True, "content": content}}


def _signed(request: HttpRequest) -> Any:
    """The body, if a gateway signed it and just now. The signature is looked at before anything that is in it."""
    spoken_at = signing.spoken_at(
        settings.GATEWAY_SECRET, speaker=signing.GATEWAY, stamp=request.headers.get(signing.TIME_HEADER, ""),
        signed=request.headers.get(signing.SIGNATURE_HEADER, ""), body=request.body,
    )  # fmt: skip
    if spoken_at is None:
        raise Http404
    refuse_if(rules.why_not_hear(said_at=spoken_at, at=request.arrived_at))
    try:
        return json.loads(request.body)
    except ValueError as wrong:
        raise Refused(MALFORMED) from wrong


@router.post("gateways/sendings", auth=None, openapi_extra=told_by(Receipt))
@limited
def receipt(request: HttpRequest) -> dict[str, str]:
    """A gateway says what became of a message; again, late and out of order are answered alike."""
    try:
        told = Receipt.model_validate(_signed(request))
        state = TOLD[told.state]
    except (ValidationError, KeyError) as wrong:
        raise Refused(MALFORMED) from wrong
    row = sending.hear(reference=told.reference, told=state, fault=told.fault, by=request.actor, at=request.arrived_at)
    return {"state": row.state}


@router.post("gateways/bindings", auth=None, openapi_extra=told_by(Binding))
@limited
def binding(request: HttpRequest) -> dict[str, str]:
    """The WeChat gateway says who sent a code to the service account."""
    try:
        told = Binding.model_validate(_signed(request))
    except ValidationError as wrong:
        raise Refused(MALFORMED) from wrong
    services.confirm_wechat(word=told.code, address=told.address, by=request.actor, at=request.arrived_at)
    return {"state": "confirmed"}
