"""The public page of a draw."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from draws import queries
from draws.models import Draw
from draws.rules import Phase
from rulebook.actor import Role

STAGES = (
    (Phase.KEYS, _("密钥")),
    (Phase.POOL, _("核对名单")),
    (Phase.COMMITS, _("承诺")),
    (Phase.DEALS, _("份额")),
    (Phase.COMPLAINTS, _("质询")),
    (Phase.REVEALS, _("公开")),
    (Phase.SETTLED, _("结果")),
)


@require_safe
def draw(request: HttpRequest, draw_id: str) -> HttpResponse:
    """What is drawn, who contributes, how far it is, and how anyone can check it."""
    row = get_object_or_404(Draw, pk=draw_id)
    phase = Phase(row.phase)
    own = [c for c in row.contributors if request.actor.organisation and c["org"] == request.actor.organisation]
    return render(
        request,
        "draws/draw.html",
        {
            "draw": row,
            "stages": stages(row),
            "steps": queries.steps(row),
            "drawn": queries.drawn(row),
            "example": queries.example(row),
            "names": queries.names(row),
            "contributor": own[0] if own and not row.over else None,
            "attests": request.actor.role is Role.SUPERVISOR and phase in (Phase.KEYS, Phase.POOL),
        },
    )


def stages(row: Draw) -> list[dict[str, object]]:
    """The stage bar of a draw; the recovery counts as part of revealing."""
    phase = Phase.REVEALS if row.phase == Phase.RECOVERY else Phase(row.phase)
    if phase is Phase.VOID:
        return [{"label": _("作废"), "state": "off"}]
    order = [each for each, _label in STAGES]
    now = order.index(phase)
    done_last = phase is Phase.SETTLED
    return [
        {"label": label, "state": "done" if i < now or (i == now and done_last) else "now" if i == now else "next"}
        for i, (_each, label) in enumerate(STAGES)
    ]
