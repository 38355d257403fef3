"""Doors of tables: another register comes in and is confirmed by a second keeper; a firm brings in its own staff."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import sheets
from intermediaries.registry import forms, importing, queries, rules, staffing
from intermediaries.registry.models import Import
from intermediaries.registry.views import for_keepers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_keepers
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the head an import wants."""
    data = sheets.write(importing.HEAD, [], name="providers")
    return HttpResponse(
        data, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="providers-template.xlsx"'}
    )


def _read(form: forms.Upload) -> tuple[list[list[str]], list[sheets.Wrong]]:
    """The table of an upload, and what is wrong with reading it."""
    file = form.cleaned_data["file"]
    read = sheets.read_csv if file.name.lower().endswith(".csv") else sheets.read
    return read(file)


def _all(unread: list[sheets.Wrong], rows: list[sheets.Wrong]) -> list[sheets.Wrong]:
    """What is wrong, said once, by row."""
    said = {(each.row, each.column) for each in unread}
    return sorted([*unread, *(each for each in rows if (each.row, each.column) not in said)], key=lambda each: each.row)


@login_required
@require_safe
def staff_template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the head an import of staff wants."""
    data = sheets.write(staffing.HEAD, [], name="staff")
    return HttpResponse(
        data, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="staff-template.xlsx"'}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Bring in one's own practising staff: everybody when every row is good, else nobody, and every bad one is shown.

    The file is read and let go: identity numbers are not kept.
    """
    row = queries.own(request.actor)
    if row is None:
        raise Http404
    form = forms.Upload(request.POST or None, request.FILES or None)
    wrong: list[sheets.Wrong] = []
    if request.method == "POST" and form.is_valid():
        table, wrong = _read(form)
        if table:
            wrong = _all(wrong, staffing.check(table, provider=row, at=request.arrived_at)[1])
        if not wrong:
            count = staffing.bring_in(code=row.organisation_id, table=table, by=request.actor, at=request.arrived_at)
            messages.success(request, _("已登记 {n} 名执业人员，即时生效。").format(n=count))
            return redirect("intermediaries:me")
    told = {
        "nav": "providers", "form": form, "wrong": wrong, "bad_rows": len({each.row for each in wrong}),
        "head": staffing.HEAD, "most": sheets.MOST_ROWS,
        "against": rules.why_not_change(provider=row.organisation_id, state=row.state, by=request.actor),
    }  # fmt: skip
    return render(request, "intermediaries/registry/staff.html", told, status=422 if wrong or form.errors else 200)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Hand in a register: put aside for a second person when every row is good, else every bad one is shown."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    wrong: list[sheets.Wrong] = []
    if request.method == "POST" and form.is_valid():
        table, wrong = _read(form)
        if table:
            wrong = _all(wrong, importing.check(table, at=request.arrived_at)[1])
        if not wrong:
            name = form.cleaned_data["file"].name
            made = importing.stage(name=name, table=table, by=request.actor, at=request.arrived_at)
            return redirect("intermediaries:staged", made.public_id)
    told = {
        "nav": "desk", "form": form, "wrong": wrong, "bad_rows": len({each.row for each in wrong}),
        "head": importing.HEAD, "most": sheets.MOST_ROWS,
    }  # fmt: skip
    return render(request, "intermediaries/registry/import.html", told, status=422 if wrong or form.errors else 200)


@for_keepers
@require_safe
def staged(request: HttpRequest, batch: UUID) -> HttpResponse:
    """A register as it was handed in, for the second person to look at."""
    row = get_object_or_404(Import, public_id=batch)
    done = row.confirmed_at is not None or row.discarded_at is not None
    told = {
        "nav": "desk", "batch": row, "head": row.table[0][: len(importing.HEAD)], "lines": row.table[1:], "done": done,
        "against": rules.why_not_confirm(staged_by=row.staged_by, done=done, by=request.actor),
    }  # fmt: skip
    return render(request, "intermediaries/registry/staged.html", told)


@for_keepers
@require_POST
def confirm(request: HttpRequest, batch: UUID) -> HttpResponse:
    """List every firm of it."""
    row = get_object_or_404(Import, public_id=batch)
    count = importing.confirm(staged=row, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已列入 {n} 家机构，签署承诺书后可以参加选取。").format(n=count))
    return redirect("intermediaries:register")


@for_keepers
@require_POST
def discard(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Put it away."""
    row = get_object_or_404(Import, public_id=batch)
    importing.discard(staged=row, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已作废，没有列入任何机构。"))
    return redirect("intermediaries:register")
