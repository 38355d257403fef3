"""Pages of clues: one procurement's, and the newest. For the supervision, and a panel's own members."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from market.projects import queries as projects
from supervision.clues import queries, rules
from supervision.clues.models import Clue, Screening
from supervision.clues.words import INNOCENT, PATTERNS, WORDS
from supervision.monitors.rules import VIEWERS


@require_safe
@login_required
@never_cache
def clues(request: HttpRequest, number: str) -> HttpResponse:
    """What the bids of one procurement share, with what innocently explains it."""
    project = projects.visible(number, viewer=request.actor)
    rows = queries.seen(project, viewer=request.actor)
    context = {
        "project": project,
        "sessions": [_told(row) for row in rows],
        "supervises": request.actor.role in VIEWERS,
        "alert": rules.ALERT,
    }
    return render(request, "supervision/clues/clues.html", context)


@require_safe
@login_required
@never_cache
def newest(request: HttpRequest) -> HttpResponse:
    """The procurements looked at last, with how much was found."""
    rows = [
        {"project": row.opening.tender.project, "row": row, "clues": len(row.clues.all()), "bidders": len(row.bidders)}
        for row in queries.newest(viewer=request.actor)
    ]
    return render(request, "supervision/clues/newest.html", {"rows": rows, "shown": queries.SHOWN})


def _told(row: Screening) -> dict[str, Any]:
    found = sorted(row.clues.all(), key=lambda clue: (-clue.points, clue.pk))
    return {
        "row": row,
        "session": row.opening.session,
        "bidders": len(row.bidders),
        "groups": [[row.bidders.get(org, org) for org in group] for group in row.groups],
        "clues": [_clue(row, clue) for clue in found],
    }


def _clue(row: Screening, clue: Clue) -> dict[str, Any]:
    kind = rules.Kind(clue.kind)
    return {
        "words": WORDS[kind],
        "names": [row.bidders.get(org, org) for org in clue.orgs],
        "points": clue.points,
        "innocent": INNOCENT[kind],
        "pattern": PATTERNS.get(clue.evidence.get("pattern", "")),
        **{key: clue.evidence.get(key) for key in ("values", "share", "shared", "seconds", "step", "chance", "lines")},
    }
