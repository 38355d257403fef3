"""The one door evidence leaves by: as a file to be saved, never as a page of ours."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from documents.evidence import queries
from documents.evidence.services import FOLDER
from ledger import blobs


@require_safe
def evidence(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A file, for whom its slice lets have it; 404 for everybody else."""
    found = queries.one(public_id, viewer=request.actor)
    answer = FileResponse(
        blobs.open_blob(found.sha256, folder=FOLDER), as_attachment=True, filename=found.name,
        content_type=found.media_type,
    )  # fmt: skip
    answer["Content-Length"] = str(found.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
