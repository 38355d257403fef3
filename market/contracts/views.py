"""Pages: the award of a project and its contract, for everybody; the acts of buyer and winner on them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.factors.door import stepped_up
from documents.issued.views import handed_out
from market.awards import queries as awards
from market.awards import services as award_services
from market.awards.forms import DeclineForm, DelayForm
from market.contracts import pages, queries, services
from market.contracts.forms import ConfirmForm, ContractForm, ReturnForm
from market.projects import queries as projects
from market.projects.context import terms_of_request


@require_safe
def award(request: HttpRequest, number: str) -> HttpResponse:
    """Who wins, at what price, judged by whom: public from the award notice on; before, the buyer's desk."""
    project = projects.visible(number, viewer=request.actor)
    told = pages.award(project, viewer=request.actor, at=request.arrived_at)
    return render(request, "market/awards/award.html", told)


@require_safe
def letter(request: HttpRequest, number: str) -> FileResponse:
    """The award letter (中标通知书) as it was issued, as public as the award itself. 404 before."""
    project = projects.visible(number, viewer=request.actor)
    answer = handed_out(queries.letter(project))
    answer["Content-Disposition"] = content_disposition_header(
        True, _("{number}-{terms.award}通知书.pdf").format(terms=terms_of_request(request), number=number)
    )
    return answer


@require_POST
@login_required
@stepped_up
def determine(request: HttpRequest, number: str) -> HttpResponse:
    """Determine the winner."""
    project = projects.visible(number, viewer=request.actor)
    org = request.POST.get("org", "")
    made = award_services.determine(number=project.number, org=org, by=request.actor, at=request.arrived_at)
    if made is None:
        messages.success(request, _("已经定标。评审专家名单正在解密，随后自动发布结果公告。"))
        return redirect("market:award", number)
    messages.success(
        request,
        _("已确定{terms.winner}，{terms.award}公告和{terms.award}通知书已发出。").format(
            terms=terms_of_request(request)
        ),
    )
    return redirect("market:award", number)


@require_POST
@login_required
def explain_delay(request: HttpRequest, number: str) -> HttpResponse:
    """Note why the buyer needs longer."""
    project = projects.visible(number, viewer=request.actor)
    form = DelayForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    award_services.explain_delay(number=project.number, text=text, by=request.actor, at=request.arrived_at)
    return redirect("market:award", number)


@require_POST
@login_required
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the winner declines."""
    project = projects.visible(number, viewer=request.actor)
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    award_services.decline(number=project.number, reason=reason, by=request.actor, at=request.arrived_at)
    messages.success(
        request, _("已记录放弃{terms.award}，可按排序确定下一名。").format(terms=terms_of_request(request))
    )
    return redirect("market:award", number)


@require_POST
@login_required
def propose_contract(request: HttpRequest, number: str) -> HttpResponse:
    """Put a contract before the winner."""
    project = projects.visible(number, viewer=request.actor)
    form = ContractForm(request.POST, request.FILES)
    if not form.is_valid():
        told = pages.award(project, viewer=request.actor, at=request.arrived_at)
        return render(request, "market/awards/award.html", {**told, "contract_form": form}, status=422)
    services.propose(
        number=project.number, **form.cleaned_data, name=form.cleaned_data["file"].name, by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("合同已提交，等待对方确认。"))
    return redirect("market:award", number)


@require_POST
@login_required
def take_contract_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take a contract back before it is answered."""
    project = projects.visible(number, viewer=request.actor)
    services.take_back(number=project.number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已撤回，可以修改后重新提交。"))
    return redirect("market:award", number)


@require_POST
@login_required
def return_contract(request: HttpRequest, number: str) -> HttpResponse:
    """Send a contract back with reasons."""
    project = projects.visible(number, viewer=request.actor)
    form = ReturnForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {"reasons": "", "seen": ""}
    services.send_back(number=project.number, **told, by=request.actor, at=request.arrived_at)
    messages.success(request, _("合同已退回，等待对方修改。"))
    return redirect("market:award", number)


@require_POST
@login_required
def confirm_contract(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm the contract."""
    project = projects.visible(number, viewer=request.actor)
    form = ConfirmForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {"seen": ""}
    services.confirm(number=project.number, **told, by=request.actor, at=request.arrived_at)
    messages.success(request, _("合同已确认并公告。"))
    return redirect("market:award", number)


@require_safe
def award_json(request: HttpRequest, number: str) -> HttpResponse:
    """The award notice, byte for byte what its published SHA-256 is over. 404 before there is one."""
    project = projects.visible(number, viewer=request.actor)
    return HttpResponse(awards.notice(project).text.encode(), content_type="application/json")
