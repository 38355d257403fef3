"""Doors of alerts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supervision.monitors import forms, pages, queries, services
from supervision.monitors.models import Alert


def _seen(request: HttpRequest) -> None:
    if not queries.may_see(request.actor):
        raise Http404


@login_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts: the open ones by deadline, or the closed ones, the newest first; a page of them."""
    _seen(request)
    closed, own = request.GET.get("state") == "closed", request.GET.get("owner") == "me"
    found = queries.visible_to(request.actor).filter(closed_at__isnull=not closed)
    if own:
        found = found.filter(owner=request.actor.person)
    word = request.GET.get("after", "")
    if word.isdecimal() and len(word) < 10 and (last := Alert.objects.filter(pk=int(word)).first()):
        found = found.filter(pk__lt=last.pk) if closed else queries.after(found, last)
    rows = list(found.order_by(*(("-pk",) if closed else ("due_at", "pk")))[: queries.PAGE])
    return render(request, "supervision/monitors/alerts.html", {
        "nav": "desk", "lines": [pages.line(row, at=request.arrived_at) for row in rows], "closed": closed, "own": own,
        "following": rows[-1].pk if len(rows) == queries.PAGE else None,
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An alert with its evidence and history; its owner closes it here."""
    row = queries.alert(public_id, request.actor)
    form = forms.CloseForm(request.POST or None)
    if request.method == "POST":
        said = form.cleaned_data if form.is_valid() else {}
        services.close(
            alert=row, finding=said.get("finding", ""), text=said.get("text", ""), by=request.actor,
            at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("预警已办结。"))
        return redirect("supervision:alert", public_id)
    told = pages.alert(row, viewer=request.actor, at=request.arrived_at)
    told |= {
        "form": form,
        "note_form": forms.NoteForm(),
        "hand_form": forms.HandForm(others=queries.others(row, request.actor)),
    }
    return render(request, "supervision/monitors/alert.html", told)


@login_required
@require_POST
def act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    """Take an alert, note what was done, hand it over."""
    row = queries.alert(public_id, request.actor)
    common = {"alert": row, "by": request.actor, "at": request.arrived_at}
    match what:
        case "take":
            services.take(**common)
        case "note":
            services.note(**common, text=request.POST.get("note", "")[:1000])
        case "hand-over":
            services.hand_over(**common, to=request.POST.get("to", ""), text=request.POST.get("why", "")[:1000])
        case _:
            raise Http404
    return redirect("supervision:alert", public_id)


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What the monitors watch: every row with its limit, article and lights, and how often it was a false alarm."""
    _seen(request)
    return render(request, "supervision/monitors/rules.html", {"nav": "desk", "rows": pages.table(request.actor)})


@login_required
@require_safe
def pulse(request: HttpRequest) -> JsonResponse:
    """Whether anything is new since a page was made."""
    _seen(request)
    return JsonResponse({"pulse": queries.pulse(request.actor)})
