"""Pages: notices for everybody, in print, as JSON; ending a purchase."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from market.notices import queries, services, words
from market.notices.forms import EndForm
from market.projects import queries as projects
from market.projects.endings import why_not_end_by_hand
from market.projects.rules import ENDS, Stage
from market.projects.sides import Work


@require_safe
def notice(request: HttpRequest, number: str, k: int) -> HttpResponse:
    """One notice of a project."""
    shown = queries.notice(number, k)
    told = {
        "nav": "notices",
        "project": shown.project,
        "notice": shown,
        "rows": words.rows(shown.content, shown.project.terms),
        "changes": queries.changes(number),
    }
    return render(request, "market/notices/notice.html", told)


@require_safe
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """Every correction and clarification of a project, with what the text said before and says now."""
    first = queries.notice(number, 1)
    told = [(each, words.rows(each.content, first.project.terms)[3:]) for each in queries.changes(number)]
    page = {"nav": "notices", "project": first.project, "notice": first, "told": told}
    return render(request, "market/notices/changes.html", page)


@require_safe
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The tender notice as it is printed, with its hash."""
    shown = queries.notice(number, 1)
    told = {"project": shown.project, "notice": shown, "rows": words.rows(shown.content, shown.project.terms)}
    return render(request, "market/notices/print.html", told)


@require_safe
def as_json(request: HttpRequest, number: str, k: int = 1) -> HttpResponse:
    """A notice, byte for byte what its published SHA-256 is over."""
    shown = queries.notice(number, k)
    return HttpResponse(shown.text.encode(), content_type="application/json")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: str, to: str) -> HttpResponse:
    """Fail or cancel a published purchase with its grounds."""
    project = projects.visible(number, viewer=request.actor)
    if to not in ENDS or not project.does(Work.END, request.actor):
        raise Http404
    row = project.procedure
    form = EndForm(request.POST or None, row=row, to=Stage(to))
    if request.method == "POST" and form.is_valid():
        services.end_by_hand(number=number, to=Stage(to), **form.cleaned_data, by=request.actor, at=request.arrived_at)
        return redirect(project)
    told = {
        "project": project,
        "form": form,
        "to": to,
        "words": str(TO_WORDS[Stage(to)]).format(terms=project.terms),
        "effects": words.effects(row, to=Stage(to)),
        "against": why_not_end_by_hand(row, stage=project.stage, to=Stage(to)),
    }
    return render(request, "market/notices/end.html", told, status=422 if request.method == "POST" else 200)


TO_WORDS = {Stage.FAILED: _("{terms.failure}（废标）"), Stage.CANCELLED: _("终止采购")}
