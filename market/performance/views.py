"""Pages: a contract's performance, for everybody; the acts of both sides on it; their files."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from intermediaries.registry.forms import told
from market.performance import ending, forms, money, pages, queries, services
from market.projects import queries as projects
from rulebook.refusal import refuse_if


@require_safe
def performance(request: HttpRequest, number: str) -> HttpResponse:
    """Milestones, deliveries, acceptance, delays, money and how it ended. 404 before there is a contract."""
    project = projects.visible(number, viewer=request.actor)
    made = queries.contract(project)
    more = request.GET.get("rows", "")
    shown = pages.performance(
        project, made, viewer=request.actor, at=request.arrived_at,
        more=int(more) if more in pages.MORE_ROWS else forms.MORE,
    )  # fmt: skip
    return render(request, "market/performance/performance.html", shown | {"plan_open": bool(more)})


@require_safe
def feed(request: HttpRequest, number: str) -> JsonResponse:
    """The same for everybody, as open data."""
    project = projects.visible(number, viewer=request.actor)
    told = pages.as_data(project, queries.contract(project), at=request.arrived_at)
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@login_required
def attachment(request: HttpRequest, number: str, file: UUID) -> FileResponse:
    """A file of the two sides, for them."""
    project = projects.visible(number, viewer=request.actor)
    held = queries.attachment(file, project=project, viewer=request.actor)
    return FileResponse(held.file.open("rb"), as_attachment=True, filename=held.name)


@require_POST
@login_required
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Put a plan forward; a row that is not complete comes back as it was typed."""
    project = projects.visible(number, viewer=request.actor)
    made = queries.contract(project)
    refuse_if(queries.why_not_begin_plan(made, by=request.actor))
    rows, reason = forms.milestones(request.POST), forms.ReasonForm(request.POST)
    if not (rows.is_valid() and reason.is_valid()):
        shown = pages.performance(project, made, viewer=request.actor, at=request.arrived_at)
        shown |= {"milestones": rows, "reason_form": reason, "plan_open": True}
        return render(request, "market/performance/performance.html", shown, status=422)
    services.propose_plan(
        number=project.number, lines=forms.lines(rows), reason=reason.cleaned_data["reason"], by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已提交，等待对方确认。"))
    return redirect("market:performance", number)


class _Nothing(django_forms.Form):
    """An act that says nothing but itself."""


# What both sides can do on the page: address → (its form, prefix of its fields, the act, what is said of it).
ACTS: Mapping[str, tuple[type[django_forms.Form], str, Callable[..., object], Any]] = {
    "settle": (forms.SettleForm, "", services.settle_plan, gettext_lazy("已答复对方提出的履约计划。")),
    "take-back": (_Nothing, "", services.withdraw_plan, gettext_lazy("已撤回。")),
    "deliver": (forms.DeliverForm, "", services.deliver, gettext_lazy("已交付，等待验收。")),
    "inspect": (forms.InspectForm, "", services.inspect, gettext_lazy("验收意见已记录。")),
    "notice": (forms.NoticeForm, "n", ending.give_notice, gettext_lazy("解除通知已发出。")),
    "reply": (forms.ReplyForm, "r", ending.reply, gettext_lazy("已答复解除通知。")),
    "withdraw": (_Nothing, "", ending.withdraw_notice, gettext_lazy("解除通知已撤回。")),
    "decide": (forms.DecideForm, "d", ending.decide, gettext_lazy("处理结果已登记。")),
    "invoice": (forms.InvoiceForm, "i", money.record_invoice, gettext_lazy("发票已登记。")),
    "pay": (forms.PaymentForm, "p", money.record_payment, gettext_lazy("付款已登记，等待对方确认收款。")),
    "arrived": (forms.ArrivedForm, "", money.answer_payment, gettext_lazy("已答复。")),
}


@require_POST
@login_required
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """One act of one side."""
    project = projects.visible(number, viewer=request.actor)
    queries.contract(project)
    if what not in ACTS:
        raise Http404
    shape, prefix, do, done = ACTS[what]
    form = shape(request.POST, request.FILES, prefix=prefix or None)
    do(number=project.number, **told(form), by=request.actor, at=request.arrived_at)
    messages.success(request, done)
    return redirect("market:performance", number)
