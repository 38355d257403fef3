"""Doors of the keepers: the register as a workbook, out and in; who looked, for the supervision."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from documents import sheets
from experts.registry import forms, importing, queries
from experts.registry.views import for_keepers
from rulebook.actor import Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _workbook(data: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.xlsx"'
    return HttpResponse(
        data, content_type=XLSX, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


@for_keepers
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Who saw whose particulars in full, and why: the supervision's page."""
    if request.actor.role is not Role.SUPERVISOR:
        raise Http404
    page = Paginator(queries.all_looks(request.actor), 50).get_page(request.GET.get("page"))
    return render(request, "experts/registry/looks.html", {"nav": "desk", "page": page})


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Import a workbook: entered when every row is good, else every bad one is shown and nobody is entered."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    wrong, done = [], None
    if request.method == "POST" and form.is_valid():
        table, wrong = sheets.read(form.cleaned_data["file"])
        if table:
            wrong = importing.all_wrong(wrong, importing.check(table, at=request.arrived_at)[1])
        if not wrong:
            done = importing.bring_in(table=table, by=request.actor, at=request.arrived_at)
    told = {
        "nav": "desk", "form": form, "wrong": wrong, "bad_rows": len({each.row for each in wrong}), "done": done,
        "head": importing.HEAD, "most": sheets.MOST_ROWS, "purpose_form": forms.Purpose(),
    }  # fmt: skip
    status = 422 if wrong or form.errors else 200
    return render(request, "experts/registry/workbooks.html", told, status=status)


@for_keepers
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the head an import wants."""
    return _workbook(sheets.write(importing.HEAD, [], name="experts"), "experts-template")


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The register as a workbook: masked when it is fetched, in full when it is asked for with a purpose."""
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        rows = importing.full_rows(purpose=purpose, by=request.actor, at=request.arrived_at)
        note = f"{request.actor.name} {request.arrived_at:%Y-%m-%d %H:%M} UTC {purpose}"
        return _workbook(sheets.write(importing.OUT, rows, name="experts", note=note), "experts-full")
    rows = importing.masked_rows(by=request.actor)
    return _workbook(sheets.write(importing.OUT, rows, name="experts"), "experts")
