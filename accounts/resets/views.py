"""Pages: restore a colleague's access, with another person; the record of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors.door import stepped_up
from accounts.resets import queries, services
from accounts.resets.forms import AskForm, ConfirmForm
from accounts.resets.rules import COOLING_LASTS, Lost


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def resets(request: HttpRequest) -> HttpResponse:
    """Ask for somebody's access to be restored; what waits for a second person; the record."""
    at, named = request.arrived_at, request.GET.get("named", "").strip()
    people = queries.people_for(request.actor, named=named)
    form = AskForm(request.POST or None, people=list(people[:200]))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        services.ask_reset(
            user=people.get(public_id=told["person"]), lost=Lost(told["lost"]), reason=told["reason"],
            identity=told["identity"], by=request.actor, at=at,
        )  # fmt: skip
        messages.success(request, _("已提出，并已通知本单位全体人员；请另一位同事核对身份后确认。"))
        return redirect("accounts:resets")
    told = {
        "form": form, "people": people[:1], "named": named, "waiting": queries.waiting_for(request.actor, at=at)[:20],
        "page": Paginator(queries.resets_for(request.actor), 20).get_page(request.GET.get("page")),
        "confirm": ConfirmForm(auto_id=False), "cooling_since": at - COOLING_LASTS, "me": request.actor.person,
    }  # fmt: skip
    return render(request, "accounts/resets/resets.html", told, status=422 if form.errors else 200)


@never_cache
@require_POST
@login_required
@stepped_up
def confirm(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Confirm as the second person: the code is shown this once."""
    row = queries.reset(reset, viewer=request.actor)
    row, code = services.confirm_reset(
        reset=row.public_id, reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at
    )
    return render(request, "accounts/resets/code.html", {"row": row, "code": code})


@require_POST
@login_required
def drop(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Take a request back or turn it down."""
    row = queries.reset(reset, viewer=request.actor)
    services.drop_reset(reset=row.public_id, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已撤下。"))
    return redirect("accounts:resets")
