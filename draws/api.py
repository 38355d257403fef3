"""Programs' doors to a draw: anyone may read it; contributors speak by signed statement, not by session."""

from typing import Any

from django.http import HttpRequest
from ninja import Body, Router
from ninja.security import django_auth

from accounts.flood import limited
from draws import queries, services
from draws.models import Draw

router = Router(tags=["draws"])


@router.post("draws/{path:draw_id}/statements", auth=None)
@limited
def post_statement(request: HttpRequest, draw_id: str, body: dict[str, Any] = Body(...)) -> dict[str, Any]:  # noqa: B008
    """One signed statement of a contributor (dk dc dd dp dr) or of the supervision body (pool)."""
    said = services.post_statement(draw_id=draw_id, body=body, by=request.actor, at=request.arrived_at)
    return {"entry": said.seq}


@router.get("draws/{path:draw_id}/openings", auth=django_auth)
def openings(request: HttpRequest, draw_id: str) -> dict[str, Any]:
    """Who is behind the masks: supervision only, and each look is recorded."""
    shown = services.show_openings(draw_id=draw_id, by=request.actor, at=request.arrived_at)
    return {"id": draw_id, "pool_sha256": Draw.objects.get(pk=draw_id).pool_sha256, "openings": shown}


@router.get("draws/{path:draw_id}", auth=None)
def show(request: HttpRequest, draw_id: str) -> dict[str, Any]:
    """The public state of a draw: spec, pool, messages, phase."""
    return queries.state(Draw.objects.get(pk=draw_id))
