"""Page: a project's whole public record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledger import lines
from ledger import queries as ledger
from ledger.events import LogRecovered
from ledger.models import Log
from market.projects import queries as projects
from portal.record import queries as record

LINES = 200


@require_safe
def log(request: HttpRequest, number: str) -> HttpResponse:
    """Every entry of the project's stream in order, and what the log vouches for it with."""
    project = projects.visible(number, request.actor)
    word = request.GET.get("after", "")
    after = int(word) if word.isdecimal() and len(word) < 10 else 0
    entries = ledger.entries_after(project.log, after, LINES)
    told = {
        "nav": "notices",
        "project": project,
        "lines": [lines.line(entry) for entry in entries],
        "first": after == 0,
        "following": entries[-1].seq if len(entries) == LINES else None,
        "has_full": record.has_full(number, viewer=request.actor),
        "checkpoint": ledger.latest_checkpoint(Log.PUBLIC),
        "recovered": ledger.newest_of(ledger.RECOVERY, LogRecovered.kind),
    }
    return render(request, "portal/log/log.html", told)
