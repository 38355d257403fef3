"""The page of an opening's papers: everybody reads and checks them, the host's officer files scans."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bidding.opening import queries as openings
from bidding.papers import queries, rules, services
from ledger import blobs
from market.projects import queries as projects

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@require_GET
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """Every paper with its hash; a file one holds can be compared with them on the page."""
    project = projects.visible(number, viewer=request.actor)
    over = queries.sessions_over(project)
    against = rules.why_not_file(
        hosts=openings.hosts(project), over=bool(over), filed=0, title="-", size=1, kind=rules.PDF, by=request.actor
    )
    context = {
        "project": project,
        "papers": queries.of(project),
        "over": over,
        "may_file": not against,
    }
    return render(request, "bidding/papers/papers.html", context)


@require_GET
def paper(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """One paper as a file; scans are handed out to be kept, never shown as a page of ours."""
    project = projects.visible(number, viewer=request.actor)
    found = queries.one(project, sha256)
    name = f"{project.number}-{found.title}.{ENDINGS[found.type]}"
    answer = FileResponse(blobs.open_blob(sha256), as_attachment=True, filename=name, content_type=found.type)
    answer["Content-Length"] = str(found.size)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@login_required
def file_scan(request: HttpRequest, number: str) -> HttpResponse:
    """File a scan of a stamped copy."""
    file = request.FILES.get("file")
    too_large = file is not None and file.size > rules.LARGEST
    data = b"" if file is None or too_large else file.read()
    title = request.POST.get("title", "")
    services.file_scan(project_number=number, title=title, data=data, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已归档并公开。"))
    return redirect("bidding:papers", number)
