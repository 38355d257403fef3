"""Doors of the keepers: the register as a workbook, out and in; who looked, for the supervision."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import sheets
from experts.registry import forms, importing, imports, particulars, queries, staging
from experts.registry.imports import ImportState
from experts.registry.models import StagedImport
from experts.registry.views import for_keepers
from experts.registry.words import IMPORT_WORDS
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
    """Import a workbook: put before a second keeper when every row is good, else every bad one is shown."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    wrong: list[sheets.Wrong] = []
    if request.method == "POST" and form.is_valid():
        table, wrong = sheets.read(form.cleaned_data["file"])
        if table:
            wrong = importing.all_wrong(wrong, importing.check(table, at=request.arrived_at)[1])
        if not wrong:
            made = staging.stage(table=table, by=request.actor, at=request.arrived_at)
            return redirect("experts:staged", made.public_id)
    told = {
        "nav": "desk", "form": form, "wrong": wrong, "bad_rows": len({each.row for each in wrong}),
        "head": importing.HEAD, "most": sheets.MOST_ROWS, "purpose_form": forms.Purpose(),
        "imports": [(each, IMPORT_WORDS[ImportState(each.state)]) for each in staging.latest()],
    }  # fmt: skip
    status = 422 if wrong or form.errors else 200
    return render(request, "experts/registry/workbooks.html", told, status=status)


@for_keepers
@require_safe
def staged(request: HttpRequest, staged: UUID) -> HttpResponse:
    """An import before a second keeper: who would come in, masked, and what stands against it by now."""
    row = get_object_or_404(StagedImport, public_id=staged)
    state = ImportState(row.state)
    told: dict[str, Any] = {"nav": "desk", "staged": row, "state": IMPORT_WORDS[state]}
    if state is ImportState.WAITING:
        names = queries.specialties()
        people, wrong = importing.check(staging.cells(row), at=request.arrived_at)
        told |= {
            "people": [
                (n, each, particulars.masked("name", each.personal["name"]),
                 "、".join(names.get(key, key) for key in each.keys))
                for n, each in enumerate(people, start=1)
            ],
            "wrong": wrong, "bad_rows": len({each.row for each in wrong}), "changes": staging.changes(people),
            "against": imports.why_not_confirm(first=row.staged_by, by=request.actor),
        }  # fmt: skip
    return render(request, "experts/registry/staged.html", told)


@require_POST
@for_keepers
def decide(request: HttpRequest, staged: UUID, act: str) -> HttpResponse:
    """A keeper's word on an import: enter them all, or none."""
    row = get_object_or_404(StagedImport, public_id=staged)
    if act == "confirm":
        staging.confirm(staged=row, by=request.actor, at=request.arrived_at)
    elif act == "drop":
        staging.drop(staged=row, note=request.POST.get("note", ""), by=request.actor, at=request.arrived_at)
    else:
        raise Http404
    return redirect("experts:staged", staged)


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
