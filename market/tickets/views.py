"""Pages of tickets for the body they were sent to; 404 for everybody else."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import sheets
from market.complaints.forms import ABOUT_WORDS
from market.complaints.pages import STATE_WORDS
from market.tickets import forms, queries, rules, services
from rulebook.calendar import day_in_china

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 100
BACK = timedelta(days=31)


def _for_bodies(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @never_cache
    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.handles(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    return seen


@_for_bodies
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """What is to be answered, by when; and what was."""
    on = day_in_china(request.arrived_at)
    done = queries.of_body(request.actor).exclude(answer=None).order_by("-answer__at")[:SHOWN]
    told = {
        "waiting": [(row, row.due_on < on) for row in queries.waiting(request.actor)[:SHOWN]],
        "done": [(row, forms.RESULT_WORDS[rules.Result(row.answer.result)]) for row in done],
        "since": on - BACK, "nav": "desk",
    }  # fmt: skip
    return render(request, "market/tickets/tickets.html", told)


@_for_bodies
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Bring in an export: all of it when every row is good, else every bad one is shown and nothing is kept."""
    form = forms.Upload(request.POST or None, request.FILES or None)
    wrong: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        read = sheets.read_csv if file.name.lower().endswith(".csv") else sheets.read
        sha256 = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        table, wrong = read(file)
        if table:
            own = {column.name for column in rules.COLUMNS}
            wrong = [each for each in wrong if not each.column or each.column in own]
            bad = queries.checked(table, body=request.actor.organisation, on=day_in_china(request.arrived_at))[1]
            unread = {(each.row, each.column) for each in wrong}
            wrong = sorted([*wrong, *(each for each in bad if (each.row, each.column) not in unread)],
                           key=lambda each: each.row)  # fmt: skip
        if not wrong:
            made = services.bring_in(table=table, sha256=sha256, by=request.actor, at=request.arrived_at)
            left = "、".join(rules.ignored(table[0]))
            messages.success(request, _("已导入 {n} 件工单。").format(n=len(made)))
            if left:
                messages.info(request, _("没有导入的列：{columns}").format(columns=left))
            return redirect("market:tickets")
    told = {"form": form, "wrong": wrong, "columns": rules.COLUMNS, "most": sheets.MOST_ROWS, "nav": "desk",
            "bad_rows": len({each.row for each in wrong})}  # fmt: skip
    return render(request, "market/tickets/import.html", told, status=422 if wrong or form.errors else 200)


@_for_bodies
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the columns."""
    return _book(sheets.write([column.name for column in rules.COLUMNS], [], name="tickets"), "tickets-template")


@_for_bodies
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The answers from a day on, as a workbook for the hotline."""
    since = rules.day(request.GET.get("since", "")) or day_in_china(request.arrived_at) - BACK
    head = ("工单编号", "答复日期", "办理结果", "答复内容", "是否按期", "关联投诉")
    rows = [
        (row.number, row.answer.answered_on.isoformat(), str(forms.RESULT_WORDS[rules.Result(row.answer.result)]),
         row.answer.text, _("是") if row.answer.in_time else _("否"),
         str(row.complaint.public_id) if row.complaint else "")
        for row in queries.answered(request.actor, since=since)
    ]  # fmt: skip
    return _book(sheets.write(head, rows, name="answers"), f"answers-{since}")


def _book(data: bytes, name: str) -> HttpResponse:
    how = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(data, content_type=XLSX, headers=how)


@_for_bodies
@require_safe
def ticket(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One ticket with its complaint and that one's clock."""
    row = queries.ticket(public_id, viewer=request.actor)
    done = getattr(row, "answer", None)
    choices = [(str(each.public_id), _name(each)) for each in queries.complaints(request.actor)[:SHOWN]]
    told = {
        "nav": "desk", "row": row, "answer": done, "late": row.due_on < day_in_china(request.arrived_at) and not done,
        "result": forms.RESULT_WORDS[rules.Result(done.result)] if done else "",
        "state": STATE_WORDS[row.complaint.state] if row.complaint else "",
        "link_form": forms.LinkForm(complaints=choices, initial={
            "complaint": str(row.complaint.public_id) if row.complaint else ""
        }),
        "answer_form": forms.AnswerForm(),
    }  # fmt: skip
    return render(request, "market/tickets/ticket.html", told)


def _name(held: Any) -> str:
    about = held.project.title if held.project else held.subject
    return f"{held.filed_at:%Y-%m-%d} · {ABOUT_WORDS[held.kind]} · {about[:40]} · {held.name[:20]}"


@_for_bodies
@require_POST
def act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    """Link it, or answer it."""
    told: dict[str, Any] = {"public_id": public_id, "by": request.actor, "at": request.arrived_at}
    if what == "link":
        services.link(complaint=request.POST.get("complaint", ""), **told)
    else:
        services.answer(result=request.POST.get("result", ""), text=request.POST.get("text", ""), **told)
    messages.success(request, _("已办理。"))
    return redirect("market:ticket", public_id)
