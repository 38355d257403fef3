"""The page of a procurement's archive, and its packages."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from keeping.archives import queries
from keeping.archives.models import Package
from keeping.archives.rules import Level
from keeping.retention import pages as retention
from market.projects import queries as projects


@require_safe
def archive(request: HttpRequest, number: str) -> HttpResponse:
    """What is in the packages this viewer may have, when the next is made, and until when all of it is kept."""
    project = projects.visible(number, request.actor)
    mine = queries.levels(project, request.actor)
    told = {
        "nav": "notices", "project": project, "is_over": queries.is_over(project),
        "packages": [found for level in mine if (found := queries.newest(project, level))],
        "waiting": queries.waiting(project), **retention.of(project, viewer=request.actor, at=request.arrived_at),
    }  # fmt: skip
    return render(request, "keeping/archives/archive.html", told)


@require_safe
def public(request: HttpRequest, number: str) -> FileResponse:
    """The public package, to be checked offline with `python -m proofs verify-archive`."""
    return _handed(request, number, Level.PUBLIC)


@require_safe
@login_required
def full(request: HttpRequest, number: str) -> FileResponse:
    """The full package, for the house that keeps the file, supervision and audit; not found for everybody else."""
    answer = _handed(request, number, Level.FULL)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def proof(request: HttpRequest, number: str) -> JsonResponse:
    """What shows without us that the log holds the public package's hash."""
    project = projects.visible(number, request.actor)
    return JsonResponse(queries.proof(queries.package(project, Level.PUBLIC, viewer=request.actor)))


def _handed(request: HttpRequest, number: str, level: Level) -> FileResponse:
    project = projects.visible(number, request.actor)
    found = queries.package(project, level, viewer=request.actor)
    try:
        file = queries.opened(found)
    except FileNotFoundError as gone:
        raise Package.DoesNotExist from gone  # deleted by rule
    name = f"archive-{level.value}-{number}.zip"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    answer["Content-Length"] = str(found.size)
    return answer
