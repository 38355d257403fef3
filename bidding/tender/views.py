"""Pages: a project for everybody, its draft for its buyer's officers, and the acts on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from accounts.rules import Kind
from bidding.tender import committees, drafting, files, forms, lots, pages, queries, services
from bidding.tender.models import Tender
from market.agency import queries as agency
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.context import terms_of_request
from market.projects.rules import Stage
from rulebook.refusal import refuse_if


@require_safe
def project(request: HttpRequest, number: str) -> HttpResponse:
    """The project's page: what it is, where it stands, what can be done, the notice, the record."""
    shown = projects.visible(number, viewer=request.actor)
    if shown.get_absolute_url() != request.path:
        return redirect(shown)
    if shown.stage == Stage.DRAFT:
        return redirect("bidding:edit", number)
    told = pages.project(shown, viewer=request.actor, at=request.arrived_at)
    return render(request, "bidding/tender/project.html", told)


@require_safe
def document(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """One of the documents under its own name; anybody's once published, the officers' before."""
    shown = projects.visible(number, viewer=request.actor)
    held = queries.document(shown, sha256, viewer=request.actor)
    return FileResponse(queries.open_document(held), as_attachment=True, filename=held.name)


@require_safe
@login_required
def documents_zip(request: HttpRequest, number: str) -> HttpResponse:
    """The documents as they stand, in one file, for whoever took them."""
    shown = projects.visible(number, viewer=request.actor)
    tender = queries.tender(shown.number)
    if queries.taking(tender, request.actor) is None:
        raise Http404
    return FileResponse(files.packed(queries.documents(tender)), as_attachment=True, filename=f"{number}.zip")


@require_POST
@login_required
def take(request: HttpRequest, number: str) -> HttpResponse:
    """获取文件 from the page."""
    shown = projects.visible(number, viewer=request.actor)
    services.take_documents(project_number=shown.number, by=request.actor, at=request.arrived_at)
    messages.success(
        request,
        _("已获取{terms.documents}，可在下方下载，回执一并列出。更正和澄清将发送到本单位站内信。").format(
            terms=terms_of_request(request)
        ),
    )
    return redirect("bidding:project", number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a project."""
    refuse_if(projects.why_not_begin(request.actor))
    letters = agency.in_force(request.actor, at=request.arrived_at)
    letter = next((row for row in letters if str(row.public_id) == request.GET.get("letter", "")), None)
    if letter is None and agency.kind_of(request.actor) == Kind.AGENT:
        return redirect("market:entrustments")  # from there, under one of them
    guess = pages.first_guess(request.user, letter=letter, at=request.arrived_at)
    form = forms.ProjectForm(request.POST or None, initial=guess)
    rows = forms.factor_rows(request.POST, pages.FIRST_FACTORS)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        made = drafting.draft(
            facts=form.facts(), terms=form.terms(rows), letter=letter.public_id if letter else None,
            by=request.actor, at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("草稿已保存。"))
        return redirect("bidding:edit", made.project.number)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "bidding/tender/new.html", {"form": form, "rows": rows, "letter": letter, "nav": "desk"}, status=status
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The draft: what is still missing, the thing itself, documents, keys, approval, publication."""
    tender = _own(request, number)
    if tender.project.stage != Stage.DRAFT:
        return redirect("bidding:project", number)
    facts, factors = forms.initial_of(tender)
    form = forms.ProjectForm(request.POST or None, initial=facts)
    rows = forms.factor_rows(request.POST, factors)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        drafting.edit(
            project_number=number, facts=form.facts(), terms=form.terms(rows), by=request.actor, at=request.arrived_at
        )
        messages.success(request, _("草稿已保存。"))
        return redirect("bidding:edit", number)
    told = pages.draft(tender, viewer=request.actor, at=request.arrived_at)
    if told["against_edit"]:
        form, rows = forms.ProjectForm(initial=facts), forms.factor_rows(None, factors, spare=0)
        forms.locked(form, rows)
    status = 422 if request.method == "POST" else 200
    return render(request, "bidding/tender/edit.html", {**told, "form": form, "rows": rows}, status=status)


@require_POST
@login_required
def add_document(request: HttpRequest, number: str) -> HttpResponse:
    """Upload one document to the draft."""
    _own(request, number)
    form = forms.DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择一个不为空、不超过 100 MB 的文件。"))
        return redirect("bidding:edit", number)
    file = form.cleaned_data["file"]
    drafting.add_document(project_number=number, name=file.name, file=file, by=request.actor, at=request.arrived_at)
    return redirect("bidding:edit", number)


@require_POST
@login_required
def remove_document(request: HttpRequest, number: str) -> HttpResponse:
    """Take a document away from the draft."""
    _own(request, number)
    drafting.remove_document(
        project_number=number, name=request.POST.get("name", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:edit", number)


@require_POST
@login_required
def request_keys(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the key holders."""
    _own(request, number)
    form = forms.HoldersForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择保管人和开启所需的家数。"))
        return redirect("bidding:edit", number)
    committees.request_keys(project_number=number, **form.cleaned_data, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已请密钥保管人制钥，完成后自动试开启。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def add_lot(request: HttpRequest, number: str) -> HttpResponse:
    """Draft another lot of the same batch."""
    _own(request, number)
    form = forms.LotForm(request.POST, prefix="lot")
    if not form.is_valid():
        messages.error(request, _("请填妥新标段的名称、标的、需求和金额。"))
        return redirect("bidding:edit", number)
    made = lots.add_lot(project_number=number, **form.cleaned_data, by=request.actor, at=request.arrived_at)
    messages.success(
        request, _("已新增标段，{terms.documents}和时间与本标段相同。").format(terms=terms_of_request(request))
    )
    return redirect("bidding:edit", made.project.number)


@require_POST
@login_required
def replace_holder(request: HttpRequest, number: str) -> HttpResponse:
    """Put another holder in one's place, before publication."""
    _own(request, number)
    leaving, entering = (request.POST.get(name, "") for name in ("leaving", "entering"))
    committees.replace_holder(
        project_number=number, leaving=leaving, entering=entering, by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已更换密钥保管人，钥匙清单重新确定后再次试开启。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in for approval."""
    _own(request, number)
    drafting.submit_for_approval(project_number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已送审，请本单位另一名经办人审批。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve as the second officer."""
    _own(request, number)
    project_services.approve(number=number, seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at)
    messages.success(request, _("已审批通过。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Return with comments."""
    _own(request, number)
    comment, seen = request.POST.get("comment", ""), request.POST.get("seen", "")
    project_services.send_back(number=number, comment=comment, seen=seen, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已退回编制人修改。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
@stepped_up
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm, for the buyer, what its agent drafted."""
    _own(request, number)
    project_services.confirm_documents(
        number=number, seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已确认，代理机构可以定时发布。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Give it back to the agent with comments."""
    _own(request, number)
    comment, seen = request.POST.get("comment", ""), request.POST.get("seen", "")
    project_services.refuse_documents(
        number=number, comment=comment, seen=seen, by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已退回代理机构修改。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def schedule(request: HttpRequest, number: str) -> HttpResponse:
    """Set the minute of publication."""
    tender = _own(request, number)
    form = forms.ScheduleForm(request.POST)
    if not form.is_valid():
        told = pages.draft(tender, viewer=request.actor, at=request.arrived_at)
        facts, factors = forms.initial_of(tender)
        told |= {"form": forms.ProjectForm(initial=facts), "schedule_form": form}
        told["rows"] = forms.factor_rows(None, factors, spare=0)
        forms.locked(told["form"], told["rows"])
        return render(request, "bidding/tender/edit.html", told, status=422)
    publish_at = form.cleaned_data["publish_at"]
    drafting.schedule(project_number=number, publish_at=publish_at, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已定时发布，到点前可以取消。"))
    return redirect("bidding:edit", number)


@require_POST
@login_required
def cancel_schedule(request: HttpRequest, number: str) -> HttpResponse:
    """Take the scheduled publication back."""
    _own(request, number)
    project_services.cancel_schedule(number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已取消定时发布，可以继续修改；修改后须重新送审。"))
    return redirect("bidding:edit", number)


def _own(request: HttpRequest, number: str) -> Tender:
    """The tender of a project of the viewer's own house. Raises Tender.DoesNotExist: others do not learn it exists."""
    return queries.own(number, viewer=request.actor)
