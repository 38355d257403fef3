"""Doors of the wall and of a procurement's whole story. They only read."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from market.projects import queries as projects
from rulebook.actor import Role
from supervision.monitors import pages as alert_pages
from supervision.monitors import queries as alerts
from supervision.monitors.words import LIGHT_TONES, LIGHT_WORDS
from supervision.wall import grievances, queries
from supervision.wall.queries import Asked
from supervision.wall.words import REGIME_WORDS

FILTERS = ("regime", "light", "buyer")


@login_required
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """What runs, what is late, what is odd, which alerts wait for whom."""
    if not alerts.may_see(request.actor):
        raise Http404
    at, viewer = request.arrived_at, request.actor
    given = {name: request.GET.get(name, "")[:100] for name in (*FILTERS, "after")}
    rows = queries.running(Asked(**given), viewer)
    waiting = alerts.open_ones(viewer)
    return render(request, "supervision/wall/wall.html", {
        "nav": "desk", "given": given, "regimes": REGIME_WORDS, "lights": LIGHT_WORDS, "pulse": alerts.pulse(viewer),
        "figures": [
            (_("红灯项目"), queries.capped(2, viewer), "bad"), (_("黄灯项目"), queries.capped(1, viewer), "warn"),
            (_("已逾期"), queries.late(viewer, at=at), "bad"), (_("待办结预警"), alerts.capped(waiting), "info"),
            (_("承办人逾期"), alerts.capped(alerts.overdue(viewer, at=at)), "bad"),
        ],
        "cap": alerts.CAP, "rows": [_row(row, at=at) for row in rows],
        "following": queries.place_of(rows[-1]) if len(rows) == queries.PAGE else "",
        "query": urlencode({name: given[name] for name in FILTERS if given[name]}),
        "alerts": [alert_pages.line(row, at=at) for row in waiting[:10]], "splits": queries.split_alerts(viewer),
        "supervises": viewer.role is Role.SUPERVISOR, "complaints": grievances.complaints(viewer, at=at),
        "cases": grievances.cases(viewer, at=at),
    })  # fmt: skip


@require_safe
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """The whole process of a procurement: every public entry in order; for supervisors with the alerts about it."""
    project = projects.visible(number, request.actor)
    if project.stage == project.Stage.DRAFT.value:
        raise Http404
    word = request.GET.get("after", "")
    after = int(word) if word.isdecimal() and len(word) < 10 else 0
    lines = queries.story(project, after=after)
    found = alerts.of_project(project, request.actor)
    supervises = alerts.may_see(request.actor)
    return render(request, "supervision/wall/timeline.html", {
        "nav": "notices", "project": project, "lines": lines, "first": after == 0, "steps": project.steps(),
        "following": lines[-1].seq if len(lines) == queries.ledger.PAGE else None,
        "alerts": [alert_pages.line(row, at=request.arrived_at) for row in found],
        "supervises": supervises,
        "matters": grievances.about(project, request.actor, at=request.arrived_at) if supervises else (),
    })  # fmt: skip


def _row(row: queries.Watched, *, at: object) -> dict[str, object]:
    deadline = queries.deadline(row)
    return {
        "project": row.project, "light": LIGHT_WORDS[row.light], "tone": LIGHT_TONES[row.light],
        "regime": REGIME_WORDS.get(row.regime, row.regime), "awaits": deadline,
        "late": deadline is not None and deadline[1] <= at,
    }  # fmt: skip
