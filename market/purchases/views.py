"""Pages: a purchase for everybody; its draft, step by step, for its buyer; alerts for the supervision."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from market.agency import queries as agency
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.rules import Stage
from market.purchases import act_forms, attaching, forms, pages, queries, rules, services
from market.purchases.models import Purchase
from rulebook.actor import Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if


@require_safe
def purchase(request: HttpRequest, number: str) -> HttpResponse:
    """The purchase's page: what it is, where it stands, what can be done, the notice, the record."""
    project = projects.visible(number, viewer=request.actor)
    row = queries.purchase(project.number)
    if project.stage == Stage.DRAFT:
        return redirect("market:purchase_edit", number)
    told = pages.purchase(row, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/purchases/purchase.html", told)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a purchase with the item that is bought."""
    letters = agency.in_force(request.actor, at=request.arrived_at) if "letter" in request.GET else []
    letter = next((row for row in letters if str(row.public_id) == request.GET["letter"]), None)
    if letter is None and "letter" in request.GET:
        return redirect("market:entrustments")  # it is not in force any more, or never was this house's
    kind = queries.buys_as(request.actor, owner=letter.owner_id if letter else "")
    refuse_if(rules.why_not_buy(kind=kind, by=request.actor))
    on = day_in_china(request.arrived_at)
    form = forms.NewForm(request.POST or None, on=on, initial={"item": request.GET.get("item", "")})
    if request.method == "POST" and form.is_valid():
        row = services.draft(
            facts=form.cleaned_data, letter=letter.public_id if letter else None, by=request.actor,
            at=request.arrived_at,
        )  # fmt: skip
        return redirect("market:purchase_edit", row.project.number)
    own = queries.of_buyer(request.actor).filter(project__stage=Stage.DRAFT.value)
    told = {"nav": "desk", "form": form, "drafts": own, "citizen": kind in rules.TIMED, "letter": letter}
    return render(request, "market/purchases/new.html", told, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str, step: str = "") -> HttpResponse:
    """The draft: one step and what is still missing, or the preview with everything that stands against publishing."""
    row = _own(request, number)
    if row.project.stage != Stage.DRAFT:
        return redirect(row.project)
    steps = pages.steps_of(row)
    if step not in (*steps, pages.PREVIEW):
        return redirect(
            "market:purchase_step", number, pages.PREVIEW if row.project.submitted_at else next(iter(steps))
        )
    if step == pages.PREVIEW:
        told = pages.preview(row, viewer=request.actor, at=request.arrived_at)
        return render(request, "market/purchases/preview.html", told)
    form = steps[step](request.POST or None, row=row, on=day_in_china(request.arrived_at))
    if request.method == "POST" and form.is_valid():
        services.edit(number=number, facts=form.facts(), by=request.actor, at=request.arrived_at)
        if "stay" in request.POST:
            messages.success(request, _("草稿已保存。"))
            return redirect("market:purchase_step", number, step)
        return redirect("market:purchase_step", number, pages.after(row, step))
    told = pages.step(row, step=step, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/purchases/step.html", {**told, "form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add files to the draft's notice; none of them where one may not be kept."""
    row = _own(request, number)
    form = act_forms.AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请先选择文件。"))
        return redirect("market:purchase_step", number, pages.PREVIEW)
    with transaction.atomic():
        for file in form.cleaned_data["files"]:
            attaching.attach(
                number=row.project.number, name=file.name, blob=file.file, by=request.actor, at=request.arrived_at
            )
    messages.success(request, _("附件已添加，随公告一起公开。"))
    return redirect("market:purchase_step", number, pages.PREVIEW)


@login_required
@require_POST
def detach(request: HttpRequest, number: str) -> HttpResponse:
    """Take a file out of the draft's notice."""
    row = _own(request, number)
    sha256 = request.POST.get("sha256", "")
    attaching.detach(number=row.project.number, sha256=sha256, by=request.actor, at=request.arrived_at)
    messages.success(request, _("附件已移除。"))
    return redirect("market:purchase_step", number, pages.PREVIEW)


@login_required
@require_POST
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in, or publish where one person decides."""
    row = _own(request, number)
    project = services.submit(number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _said(project.stage, bool(project.approved_at)))
    return redirect("market:purchase", row.project.number)


@login_required
@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve as the second officer."""
    row = _own(request, number)
    project = services.approve(
        number=number, seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at
    )
    messages.success(request, _said(project.stage, True, waits=project.unconfirmed))
    return redirect("market:purchase", row.project.number)


@login_required
@require_POST
@stepped_up
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm, for the purchaser, what its agent drafted; it is published."""
    row = _own(request, number)
    project = services.confirm(
        number=number, seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at
    )
    messages.success(request, _said(project.stage, True))
    return redirect("market:purchase", row.project.number)


@login_required
@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Give it back to the agent with comments."""
    _own(request, number)
    comment, seen = request.POST.get("comment", ""), request.POST.get("seen", "")
    project_services.refuse_documents(
        number=number, comment=comment, seen=seen, by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已退回代理机构修改。"))
    return redirect("market:purchase_edit", number)


def _said(stage: str, approved: bool, *, waits: bool = False) -> str:
    if stage != Stage.DRAFT:
        return _("已公告。")
    if waits:
        return _("已批准，并送请采购人确认；确认后公告。")
    return _("已批准，到时自动公告。") if approved else _("已送审，请本单位另一名经办人审批。")


@login_required
@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Return with comments."""
    _own(request, number)
    comment, seen = request.POST.get("comment", ""), request.POST.get("seen", "")
    project_services.send_back(number=number, comment=comment, seen=seen, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已退回编制人修改。"))
    return redirect("market:purchase_edit", number)


@login_required
@require_POST
def cancel_schedule(request: HttpRequest, number: str) -> HttpResponse:
    """Take the minute of publication back and open the draft again."""
    _own(request, number)
    project_services.cancel_schedule(number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已取消定时公告，可以修改后再送审。"))
    return redirect("market:purchase_edit", number)


@login_required
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a failed purchase again."""
    _own(request, number)
    row = services.draft_again(number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已按上次的内容生成草稿，可以降低条件、调整时间，不能提高限价。"))
    return redirect("market:purchase_edit", row.project.number)


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Every alert of a split purchase, for the supervision; what was found of them, for everybody."""
    supervises = request.actor.role is Role.SUPERVISOR
    rows = queries.alerts(closed_only=not supervises)[:200]
    told = {"nav": "desk" if supervises else "statistics", "alerts": rows, "supervises": supervises}
    return render(request, "market/purchases/alerts.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An alert with its sums; its owner closes it here."""
    held = queries.alert(public_id, request.actor)
    form = act_forms.FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        said = {name: form.cleaned_data.get(name, "") for name in form.fields}
        services.find(alert=held, **said, by=request.actor, at=request.arrived_at)
        messages.success(request, _("预警已办结，结论已告知该单位。"))
        return redirect("market:split_alert", public_id)
    told = pages.alert(held, viewer=request.actor)
    return render(request, "market/purchases/alert.html", {**told, "form": form})


@login_required
@require_POST
def look_into(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an alert."""
    held = queries.alert(public_id, request.actor)
    services.look_into(alert=held, by=request.actor, at=request.arrived_at)
    return redirect("market:split_alert", public_id)


def _own(request: HttpRequest, number: str) -> Purchase:
    """A purchase of the viewer's own house; 404 for everybody else."""
    return queries.own(number, request.actor)
