"""The door to a procurement's public record."""

from io import BytesIO

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from portal.record import queries


@require_safe
def record(request: HttpRequest, number: str) -> FileResponse:
    """RECORD.zip, to be checked offline with `python -m proofs verify`."""
    data = queries.record_of(number)
    return FileResponse(
        BytesIO(data), as_attachment=True, filename=f"record-{number}.zip", content_type="application/zip"
    )
