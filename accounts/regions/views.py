"""Pages of the register of regions: for the three offices that run, secure and audit the platform, 404 for others."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors.door import stepped_up
from accounts.models import Organisation, Region, RegionAct, User
from accounts.regions import queries, rules, services
from accounts.regions.forms import PostForm, RegionForm
from accounts.regions.rules import Act
from accounts.rules import Kind
from rulebook.actor import Actor

ACT_WORDS = {
    Act.ENTER: gettext_lazy("登记地区"), Act.STRIKE: gettext_lazy("撤销地区"), Act.POST: gettext_lazy("指定辖区"),
}  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def regions(request: HttpRequest) -> HttpResponse:
    """The regions served, who reaches what, what waits for another office; propose one more thing."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    known, staff = queries.regions(), list(queries.staff())
    bodies = list(Organisation.objects.filter(kind=Kind.REGULATOR).order_by("name"))
    given = request.POST if request.method == "POST" else None
    act = Act(given["act"]) if given and given.get("act") in tuple(Act) else None
    entering = RegionForm(given if act is Act.ENTER else None, bodies=bodies, auto_id="region_%s")
    posting = PostForm(given if act is Act.POST else None, people=staff, regions=known, auto_id="post_%s")
    form = {Act.ENTER: entering, Act.POST: posting}.get(act) if act else None
    if act is not None and (form is None or form.is_valid()):
        told = form.cleaned_data if form else {"code": request.POST.get("code", "")[:6]}
        services.propose(act=act, **told, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已提出，等另一岗位的人员确认后生效。"))
        return redirect("accounts:regions")
    codes = {row.code for row in known}
    shown = {
        "nav": "desk", "entering": entering, "posting": posting,
        "rows": [_line(row, [each for each in staff if each.region == row.code], request.actor) for row in known],
        "everywhere": [each for each in staff if not each.region],
        "astray": [each for each in staff if each.region and each.region not in codes],
        "waiting": [(row, ACT_WORDS[Act(row.act)], _against(row, request.actor)) for row in queries.acts(waiting=True)],
        "page": Paginator(queries.acts(waiting=False), 20).get_page(request.GET.get("page")), "words": ACT_WORDS,
    }  # fmt: skip
    wrong = entering.errors or posting.errors
    return render(request, "accounts/regions/regions.html", shown, status=422 if wrong else 200)


def _line(row: Region, staff: list[User], by: Actor) -> tuple[Any, ...]:
    """A region with its depth, its own staff, why it may not be struck, and what the button says."""
    against = rules.why_not_strike(known=True, posted=len(staff), by=by)
    return row, len(row.code) // 2 - 1, staff, against, {"act": Act.STRIKE.value, "code": row.code}


def _against(row: RegionAct, by: Actor) -> tuple[object, ...]:
    return rules.why_not_confirm(
        proposed_by=str(row.proposed_by.public_id) if row.proposed_by else "", proposed_role=row.proposed_role,
        subject=str(row.user.public_id) if row.user else "", is_open=row.is_open, by=by,
    )  # fmt: skip


@require_POST
@login_required
@stepped_up
def settle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Confirm what another office proposed, or drop it."""
    if rules.why_not_keep(by=request.actor):
        raise Http404
    if request.POST.get("what") == "confirm":
        services.confirm(public_id=public_id, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已确认，即刻生效，并记入公开记录。"))
    else:
        services.drop(public_id=public_id, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已撤下。"))
    return redirect("accounts:regions")
