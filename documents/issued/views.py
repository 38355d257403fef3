"""Pages: where the code on a paper leads, the certificate papers are signed under, the proof for a file one holds."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.evidence.rules import PDF
from documents.issued import queries
from documents.issued.events import STREAM
from documents.issued.models import Issued
from ledger import queries as ledger


@require_safe
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What this paper is, its hash and its place in the log; a file one holds is compared here. No file is sent."""
    found = queries.one(public_id)
    index = ledger.placement(found.entry)
    return render(request, "documents/issued/paper.html", {"nav": "verify", "paper": found, "index": index})


@require_safe
def file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A public paper, the same bytes to everybody; 404 for one that is not."""
    found = queries.one(public_id)
    if not found.public:
        raise Issued.DoesNotExist
    return handed_out(found)


def handed_out(paper: Issued) -> FileResponse:
    """A paper as a file to be saved. The caller knows who may have it."""
    answer = FileResponse(queries.opened(paper), as_attachment=True, filename=f"{paper.title}.pdf", content_type=PDF)
    answer["Content-Length"] = str(paper.size)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def proof(request: HttpRequest, sha256: str) -> JsonResponse:
    """The log's entry and its proof for the paper with this hash; an answer without an entry where none was issued."""
    found = queries.by_hash(sha256)
    told = queries.proof(found) if found else {"sha256": sha256, "entry": ""}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate of today and those before it, as the log names them, and what a signature proves."""
    told = {"nav": "verify", "certificates": queries.certificates(), "stream": STREAM}
    return render(request, "documents/issued/certificate.html", told)
