"""The page of bonds: an organisation's own, or all of them for the register's keepers. For others it does not exist."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation
from experts.affiliates import forms, queries, rules, services
from experts.affiliates.rules import Bond
from experts.registry.rules import RECUSAL
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, refuse_if


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def affiliations(request: HttpRequest) -> HttpResponse:
    """What is declared, and the form to declare more."""
    viewer = request.actor
    if rules.why_not_speak(by=viewer):
        raise Http404
    own = Organisation.objects.filter(code=viewer.organisation).first()
    form = forms.Declaring(
        request.POST or None, initial={"one": own.code, "one_name": own.name} if own and not _keeps(viewer) else {}
    )
    if request.method == "POST" and form.is_valid():
        services.declare(**form.told(), by=viewer, at=request.arrived_at)
        return redirect("experts:affiliations")
    page = Paginator(queries.visible(viewer), 20).get_page(request.GET.get("page"))
    rows = []
    for row in page:
        decided = bool(row.agreed_at or row.denied_at)
        may = rules.why_not_agree(
            decided=decided, parties=row.parties, declared_by=row.declared_by, declared_for=row.declared_for, by=viewer
        )
        words = forms.BOND_WORDS[Bond(row.bond)]
        own_word = bool(row.declared_for) and row.declared_for == viewer.organisation and row.denied_at is None
        ends = (row.agreed_at or own_word) and not row.until
        rows.append({"row": row, "words": words, "answer": not may, "ends": ends})
    told = {
        "nav": "desk", "form": form, "page": page, "rows": rows, "keeps": _keeps(viewer),
        "today": day_in_china(request.arrived_at), "query": "",
        "laws": (RECUSAL, rules.TOGETHER),
    }  # fmt: skip
    return render(request, "experts/affiliates/affiliations.html", told, status=422 if form.errors else 200)


def _keeps(viewer: Actor) -> bool:
    return viewer.role not in rules.SPEAKERS


@require_POST
@login_required
def decide(request: HttpRequest, affiliation: UUID, act: str) -> HttpResponse:
    """Agree to it, deny it, or say that it is over."""
    row = queries.one(affiliation, request.actor)
    who = {"affiliation": row, "by": request.actor, "at": request.arrived_at}
    if act == "agree":
        services.agree(**who)
    elif act == "deny":
        services.deny(note=request.POST.get("note", ""), **who)
    elif act == "end":
        form = forms.Ending(request.POST)
        if not form.is_valid():
            refuse_if((Reason("bond.end-day", Kind.NOT_VALID, "请填写结束日"),))
        services.end(until=form.cleaned_data["until"], **who)
    else:
        raise Http404
    return redirect("experts:affiliations")
