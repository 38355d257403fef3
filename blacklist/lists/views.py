"""Pages: which lists of others are held, of which day, by which hash; bringing one in; our own list as a table."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from blacklist.lists import forms, queries, rules, services
from blacklist.lists.models import ListIssue
from blacklist.sanctions import queries as sanctions
from blacklist.sanctions.rules import in_force
from documents import sheets
from rulebook.calendar import day_in_china


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Which issue of each list is held; for supervisors what waits for the second of them."""
    held = queries.held()
    keeps = not rules.why_not_keep(by=request.actor)
    asked = {key: [regime for regime, keys in rules.ASKED.items() if key in keys] for key in rules.LISTS}
    waiting = [
        (row, rules.why_not_confirm(staged_by=row.staged_by, done=False, by=request.actor)) for row in queries.waiting()
    ] if keeps else []  # fmt: skip
    told = {
        "nav": "blacklist", "keeps": keeps, "waiting": waiting,
        "rows": [(row, held.get(key), "、".join(asked[key])) for key, row in rules.LISTS.items()],
    }  # fmt: skip
    return render(request, "blacklist/lists/lists.html", told)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring a list in: put aside when every row is good, else every bad one is shown and nothing is kept."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    form = forms.Issue(request.POST or None, request.FILES or None)
    wrong: list[Any] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        file = told.pop("file")
        sha256 = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        read = sheets.read_csv if file.name.lower().endswith(".csv") else sheets.read
        table, wrong = read(file, most_rows=rules.MOST_ROWS)
        if table:
            unread = {(each.row, each.column) for each in wrong}
            bad = [each for each in rules.read(table)[1] if (each.row, each.column) not in unread]
            wrong = sorted([*wrong, *bad], key=lambda each: each.row)
        if not wrong:
            services.stage(
                **told, file_name=file.name, sha256=sha256, table=table, by=request.actor, at=request.arrived_at
            )
            messages.success(request, _("已提交，待另一名监督人员核对后确认。"))
            return redirect("blacklist:lists")
    told = {"nav": "blacklist", "form": form, "wrong": wrong, "head": rules.HEAD, "most": rules.MOST_ROWS,
            "bad_rows": len({each.row for each in wrong})}  # fmt: skip
    return render(request, "blacklist/lists/import.html", told, status=422 if wrong or form.errors else 200)


@login_required
@require_safe
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One issue as it was brought in, for the second person to look at."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    row = get_object_or_404(ListIssue, public_id=public_id)
    done = row.confirmed_at is not None or row.dropped_at is not None
    told = {
        "nav": "blacklist", "row": row, "head": rules.HEAD, "lines": row.table[1:], "done": done,
        "against": rules.why_not_confirm(staged_by=row.staged_by, done=done, by=request.actor),
    }  # fmt: skip
    return render(request, "blacklist/lists/issue.html", told)


@login_required
@require_POST
@stepped_up
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hold it, or put it away."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    act = services.drop if request.POST.get("what") == "drop" else services.confirm
    get_object_or_404(ListIssue, public_id=public_id)
    act(public_id=public_id, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已办理。"))
    return redirect("blacklist:lists")


@require_safe
def sanctions_csv(request: HttpRequest) -> HttpResponse:
    """Our public list of bans as a table; what looks like a formula is written so that it stays text."""
    on = day_in_china(request.arrived_at)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="blacklist.csv"'
    head = (
        _("名称"), _("统一社会信用代码"), _("作出机关"), _("决定书文号"), _("法律依据"), _("违法事实"), _("适用制度"),
        _("地区"), _("决定日期"), _("起"), _("止"), _("公示至"), _("是否在禁入期内"),
    )  # fmt: skip
    rows = (
        (row.name, row.code, row.authority, row.decision_no, row.law, row.grounds, row.regimes, row.region,
         row.decided_on, row.starts_on, row.ends_on, row.publish_until, _("是") if in_force(row, on=on) else _("否"))
        for row in sanctions.shown(at=request.arrived_at)
    )  # fmt: skip
    sheets.write_csv(answer, [head, *rows])
    return answer
