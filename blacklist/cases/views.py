"""Pages: the platform's restrictions for everybody, a report, one's cases, a case and its decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import stepped_up
from blacklist.cases import appeals, desks, forms, papers, people, queries, rules, services
from blacklist.cases.models import Case, DecisionPaper
from blacklist.cases.process import File, Source, Terms
from blacklist.cases.refusals import KEEPERS, repair_from
from documents import typesetting
from documents.issued.views import handed_out
from rulebook.actor import Role
from rulebook.refusal import refuse_if

Done = dict[str, Any]
Door = tuple[type[django_forms.Form] | None, Callable[..., object]]
DECIDING = {"propose", "second", "propose-ruling", "second-ruling"}


def _terms(act: Callable[..., object]) -> Callable[..., object]:
    """Points, kind and months of a form as the service takes them."""

    def told(*, points: int, kind: str, months: int, **more: Any) -> object:
        chosen = rules.Kind(kind) if kind else None
        return act(terms=Terms(points, chosen, months if chosen else 0), **more)

    return told


# What is posted to a case, by its name in the address.
DOORS: dict[str, Door] = {
    "take-up": (None, services.take_up),
    "dismiss": (forms.Words, services.dismiss),
    "refer": (forms.Words, services.refer),
    "notice": (forms.Charge, _terms(services.notice)),
    "state": (forms.Statement, services.state),
    "ask-hearing": (None, services.ask_hearing),
    "set-hearing": (forms.Hearing, services.set_hearing),
    "record-hearing": (forms.Statement, services.record_hearing),
    "propose": (forms.Proposal, _terms(services.propose)),
    "second": (forms.Second, services.second),
    "serve": (None, services.serve),
    "appeal": (forms.Statement, appeals.appeal),
    "propose-ruling": (forms.Ruling, _terms(appeals.propose_ruling)),
    "second-ruling": (forms.Second, appeals.second_ruling),
    "ask-repair": (forms.Repair, appeals.ask_repair),
    "propose-repair": (forms.RepairFinding, appeals.propose_repair),
    "second-repair": (forms.Second, appeals.second_repair),
}


@require_safe
def restrictions(request: HttpRequest) -> HttpResponse:
    """The platform's restrictions in force. They are no penalties of an authority, and the page says so."""
    rows = queries.shown(at=request.arrived_at)
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    told = {"nav": "blacklist", "page": page, "rows": [desks.listed(row) for row in page]}
    return render(request, "blacklist/cases/list.html", told)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The same as data."""
    rows = [desks.as_data(row) for row in queries.shown(at=request.arrived_at)]
    return JsonResponse({"restrictions": rows}, json_dumps_params={"ensure_ascii": False})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Charge an organisation with an act of the catalogue."""
    form = forms.Report(request.POST or None, request.FILES or None)
    against = queries.why_not_report_at_all(by=request.actor)
    if form.is_valid():
        services.report(
            body=rules.Body.ORGANISATION, source=desks.source_of(request.actor) or Source.SUPERVISION,
            **form.cleaned_data, by=request.actor, at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("已登记，由报告人以外的人员核查。"))
        return redirect("blacklist:cases")
    told = {"nav": "blacklist", "form": form, "against": against}
    return render(request, "blacklist/cases/report.html", told, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_person(request: HttpRequest) -> HttpResponse:
    """Charge a person: looked up by what papers say of him, then charged as an organisation is."""
    by = request.actor
    against = queries.why_not_report_at_all(by=by)
    finding = "find" in request.POST
    find = forms.FindPerson(request.POST if finding else None, auto_id="find-%s")
    told: list[people.Known] | None = None
    if request.method == "POST":
        refuse_if(against)
    if finding and find.is_valid():
        told = people.found(**find.cleaned_data, by=by)
    elif request.method == "POST" and not finding:
        chosen = people.known(request.POST.get("person", ""), by=by)
        told = [chosen] if chosen else []
    given = (request.POST, request.FILES) if told is not None and not finding else ()
    form = forms.ReportPerson(*given, people=told or ())
    if form.is_valid() and told:
        charge = {name: value for name, value in form.cleaned_data.items() if name != "person"}
        services.report(
            body=rules.Body.PERSON, subject=told[0].tag, name=told[0].name, party_org=told[0].org,
            party_person=told[0].account, source=desks.source_of(by) or Source.SUPERVISION, **charge, by=by,
            at=request.arrived_at,
        )  # fmt: skip
        messages.success(request, _("已登记，由报告人以外的人员核查。"))
        return redirect("blacklist:cases")
    wrong = find.errors or form.errors
    shown = {"nav": "blacklist", "find": find, "form": form, "people": told, "against": against}
    return render(request, "blacklist/cases/report_person.html", shown, status=422 if wrong else 200)


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases one has to do with: all of them for keepers, one's own for a party, what one reported."""
    viewer = request.actor
    page = Paginator(queries.of_viewer(viewer), 20).get_page(request.GET.get("page"))
    told = {
        "nav": "desk",
        "page": page,
        "rows": [desks.line(case, viewer=viewer) for case in page],
        "keeps": viewer.role in KEEPERS or viewer.role is Role.AUDITOR,
        "against": queries.why_not_report_at_all(by=viewer),
    }
    return render(request, "blacklist/cases/cases.html", told)


@login_required
@require_safe
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A case as its keeper or its party sees it. Not there for anybody else, nor for the party before its notice."""
    return _page(request, public_id)


def _page(request: HttpRequest, public_id: UUID, *, wrong: tuple[str, django_forms.Form] | None = None) -> HttpResponse:
    row, file = _visible(request, public_id)
    told = desks.told(row, file, viewer=request.actor, at=request.arrived_at, wrong=wrong)
    return render(request, "blacklist/cases/case.html", {"nav": "desk", **told}, status=422 if wrong else 200)


def _visible(request: HttpRequest, public_id: UUID) -> tuple[Case, File]:
    found = queries.visible(public_id, viewer=request.actor)
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Any act of a case: its form, then its service; what decides it asks once more who is there."""
    return (stepped_up(_act) if name in DECIDING else _act)(request, public_id, name)


def _act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    row, _file = _visible(request, public_id)
    if name not in DOORS:
        raise Http404
    shape, service = DOORS[name]
    form = shape(request.POST, request.FILES) if shape else None
    if form is not None and not form.is_valid():
        return _page(request, public_id, wrong=(name, form))
    told = form.cleaned_data if form else {}
    if "restriction" in told:
        if not row.restrictions.filter(public_id=told["restriction"]).exists():
            raise Http404
    else:
        told = {**told, "public_id": public_id}
    service(**told, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已办理。"))
    return redirect("blacklist:case", public_id)


def _decided(request: HttpRequest, public_id: UUID) -> tuple[Case, File]:
    row, file = _visible(request, public_id)
    if file.decision is None or (file.served_at is None and request.actor.role not in KEEPERS):
        raise Http404
    return row, file


@login_required
@require_safe
@never_cache
def decision_pdf(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The signed decision, for whom its page is: the same bytes ever after. Not there before it is issued."""
    row, _file = _decided(request, public_id)
    held = DecisionPaper.objects.select_related("paper").get(case=row)
    if held.paper is None:
        raise Http404
    return handed_out(held.paper)


@require_safe
def restriction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What everybody may read of a decision, while it is in force."""
    row = queries.public(public_id, at=request.arrived_at)
    told = {
        "nav": "blacklist",
        "told": desks.listed(row),
        "repair_from": repair_from(row.ground, starts_at=row.starts_at),
    }
    return render(request, "blacklist/cases/restriction.html", told)


@require_safe
def restriction_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper."""
    row = queries.public(public_id, at=request.arrived_at)
    data = typesetting.pdf(papers.TEMPLATE, papers.excerpt(row, site=settings.SITE), at=row.decided_at)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"decision-{public_id}.pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_safe
def decision(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The decision document, with its six items. For the keepers once decided, for the party once served."""
    row, file = _decided(request, public_id)
    issued = DecisionPaper.objects.filter(case=row).exclude(paper=None).exists()
    told = {"nav": "desk", "case": row, "issued": issued, **desks.document(row, file)}
    return render(request, "blacklist/cases/decision.html", told)
