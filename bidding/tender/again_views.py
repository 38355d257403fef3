"""Pages: buying again what failed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bidding.tender import again, forms, queries
from market.projects.again import Said


@require_POST
@login_required
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Draft a project that buys a failed one again. Raises Tender.DoesNotExist for others' officers."""
    queries.own(number, viewer=request.actor)
    made = again.begin_again(project_number=number, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已生成草稿。请先写明上次失败的原因和改正措施，再核对时间和{terms.documents}。").format(
        terms=made.project.terms))  # fmt: skip
    return redirect("bidding:edit", made.project.number)


@require_POST
@login_required
def say_why(request: HttpRequest, number: str) -> HttpResponse:
    """Write why the first failed and what was done about it."""
    queries.own(number, viewer=request.actor)
    form = forms.AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("每项不超过 2000 字。"))
        return redirect("bidding:edit", number)
    again.say_why(project_number=number, said=Said(**form.cleaned_data), by=request.actor, at=request.arrived_at)
    messages.success(request, _("已保存，随公告公布。"))
    return redirect("bidding:edit", number)
