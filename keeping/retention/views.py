"""The page of terms; the acts on the page of a procurement's archive."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.factors.door import stepped_up
from keeping.retention import rules, services
from market.projects import queries as projects
from rulebook.actor import Role

SAID = {
    "order": _("已要求继续保存。"), "lift": _("已解除继续保存的要求。"),
    "propose": _("已提出删除，等待监督或审计人员确认。"),
    "confirm": _("已确认，一天后自动执行；此前可以撤回。"), "withdraw": _("已撤回。"),
}  # fmt: skip


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """How long what is kept, by which rule, and what forgets it."""
    return render(request, "keeping/retention/terms.html", {"rows": rules.TERMS})


@require_POST
@login_required
@stepped_up
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Order, lift, propose, confirm or withdraw; not found for who has nothing to do with keeping."""
    project = projects.visible(number, request.actor)
    if request.actor.role not in rules.WATCHERS and request.actor.role is not Role.OFFICER:
        raise Http404
    told = {"project_number": project.number, "by": request.actor, "at": request.arrived_at}
    if what in ("order", "lift"):
        told["reason"] = request.POST.get("reason", "")
    getattr(services, what)(**told)
    messages.success(request, SAID[what])
    return redirect("keeping:archive", number)
