"""Doors of the report on paper and as a workbook, and of the recordings bound in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bidding.evaluation import looked_up, recordings, report_papers
from bidding.evaluation.models import Evaluation
from documents import typesetting
from market.projects import queries as projects

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _row(request: HttpRequest, number: str) -> Evaluation:
    try:
        return report_papers.readable(projects.visible(number, viewer=request.actor), request.actor)
    except Evaluation.DoesNotExist as hidden:
        raise Http404 from hidden


def _file(data: bytes, *, name: str, type_: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=type_)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@login_required
@never_cache
def report_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The report on paper."""
    row = _row(request, number)
    assert row.reported_at is not None
    data = typesetting.pdf("bidding/evaluation/report.typ", report_papers.content(row), at=row.reported_at)
    return _file(data, name=f"{number}-report.pdf", type_="application/pdf")


@require_safe
@login_required
@never_cache
def report_xlsx(request: HttpRequest, number: str) -> HttpResponse:
    """The report as a workbook with every sheet."""
    return _file(report_papers.workbook(_row(request, number)), name=f"{number}-report.xlsx", type_=SHEET_TYPE)


@require_POST
@login_required
def file_recording(request: HttpRequest, number: str) -> HttpResponse:
    """Bind a recording in by its hash."""
    told = request.POST
    size = told.get("size", "")
    try:
        recordings.file_recording(
            project_number=number, what=told.get("what", ""), sha256=told.get("sha256", "").strip().lower(),
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,
            kept_at=told.get("kept_at", ""), by=request.actor, at=request.arrived_at,
        )  # fmt: skip
    except Evaluation.DoesNotExist as none:
        raise Http404 from none
    return redirect("bidding:evaluation", number)


@require_safe
@login_required
@never_cache
def inquiries(request: HttpRequest, number: str) -> HttpResponse:
    """Who was looked up in the lists of others, of which day, with which answer; prints for the file."""
    project = projects.visible(number, viewer=request.actor)
    rows = looked_up.seen(project, request.actor)
    if rows is None:
        raise Http404
    return render(request, "bidding/evaluation/inquiries.html", looked_up.told(project, rows))
