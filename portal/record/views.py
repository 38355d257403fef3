"""The door to a procurement's public record."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.projects import queries as projects
from portal.record import queries


@require_safe
def record(request: HttpRequest, number: str) -> FileResponse:
    """RECORD.zip, to be checked offline with `python -m proofs verify`."""
    data = queries.record_of(number)
    return FileResponse(
        BytesIO(data), as_attachment=True, filename=f"record-{number}.zip", content_type="application/zip"
    )


@require_safe
@login_required
def record_full(request: HttpRequest, number: str) -> FileResponse:
    """RECORD-FULL.zip, for those entitled; the same command checks it. Not found for everybody else."""
    project = projects.visible(number, viewer=request.actor)
    try:
        data = queries.full_record_of(tenders.tender(project.number), viewer=request.actor)
    except FileNotFoundError as gone:
        raise Tender.DoesNotExist from gone  # deleted by rule, when its term was over
    name = f"record-full-{number}.zip"
    answer = FileResponse(data, as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "no-store"
    return answer
