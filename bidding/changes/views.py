"""Pages: questions, answers and corrections for everybody; asking; drafting and approving a change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bidding.changes import forms, queries, services
from bidding.changes.rules import Said
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from market.notices import words
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.sides import Work
from rulebook.actor import Role


@require_safe
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What was asked, answered and corrected; for its officers also what waits for an answer or for approval."""
    shown = projects.visible(number, viewer=request.actor)
    return render(request, "bidding/changes/changes.html", _told(request, shown))


def _told(request: HttpRequest, shown: Project, **more: Any) -> dict[str, Any]:
    tender = tenders.tender(shown.number)
    by, at = request.actor, request.arrived_at
    is_officer = shown.is_officer(by)
    waits = queries.pending(tender) if is_officer else None
    return {
        "nav": "notices",
        "project": shown,
        "tender": tender,
        "changes": [
            (each, words.rows(each.notice.content, each.notice.project.terms)[3:]) for each in queries.published(tender)
        ],
        "is_officer": is_officer,
        "corrects": shown.does(Work.PREPARE, by),
        "is_provider": by.role is Role.PROVIDER,
        "pending": waits,
        "returned": queries.returned(tender) if is_officer else None,
        "open_questions": queries.open_questions(tender, viewer=by),
        "own_questions": queries.own_questions(tender, viewer=by),
        "limit": shown.procedure.questions,
        "form": forms.AskForm(),
        "comment_form": forms.CommentForm(),
        "against_ask": queries.why_not_ask(tender, text="-", by=by, at=at),
        "against_approve": queries.why_not_approve(tender, by=by, at=at),
        **more,
    }


@require_POST
@login_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask about the documents."""
    shown = projects.visible(number, viewer=request.actor)
    form = forms.AskForm(request.POST)
    if not form.is_valid():
        return render(request, "bidding/changes/changes.html", _told(request, shown, form=form), status=422)
    services.ask(project_number=shown.number, text=form.cleaned_data["text"], by=request.actor, at=request.arrived_at)
    messages.success(request, _("问题已提交。答复后向所有人公开，不显示提问单位。"))
    return redirect("bidding:changes", number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Draft answers, a clarification or a correction for a second officer's approval."""
    tender = tenders.own(number, viewer=request.actor)
    by, at = request.actor, request.arrived_at
    form = forms.ChangeForm(
        request.POST or None,
        request.FILES or None,
        questions=queries.open_questions(tender, viewer=by),
        earliest=tender.project.procedure.correction.earliest_words(at),
    )
    rows = forms.DifferenceRows(request.POST or None, prefix="difference")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        services.propose(
            project_number=number,
            text=form.cleaned_data["text"],
            differences=rows.filled(),
            answers=form.answers(),
            documents=[(file.name, file) for file in form.cleaned_data["documents"]],
            may_affect=form.cleaned_data["may_affect"] == "yes",
            closes_at=form.moved,
            by=by,
            at=at,
        )
        messages.success(request, _("已提交，请本单位另一名经办人审批；审批后立即公告。"))
        return redirect("bidding:changes", number)
    told = {
        "project": tender.project,
        "tender": tender,
        "form": form,
        "rows": rows,
        "against": queries.why_not_change(tender, said=Said(text="-", may_affect=False), by=by, at=at),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bidding/changes/correct.html", told, status=status)


@require_POST
@login_required
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve, which publishes."""
    _own(request, number)
    seen = request.POST.get("seen", "")
    services.approve(project_number=number, seen=seen, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已公告，已获取文件的供应商将收到通知。"))
    return redirect("bidding:changes", number)


@require_POST
@login_required
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Send back with comments."""
    _own(request, number)
    services.send_back(
        project_number=number, comment=request.POST.get("comment", ""), seen=request.POST.get("seen", ""),
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已退回。"))
    return redirect("bidding:changes", number)


def _own(request: HttpRequest, number: str) -> Tender:
    """Raises Tender.DoesNotExist: others do not learn that anything waits."""
    return tenders.own(number, viewer=request.actor)
