"""Pages of the panel and of the evaluation, and the forms on them."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.factors.door import stepped_up
from bidding.evaluation import (
    afterwards,
    drafts,
    forms,
    going_back,
    outside,
    pages,
    queries,
    scoring,
    selected,
    services,
)
from market.projects import queries as projects
from rulebook.times import iso


@require_safe
@never_cache
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The panel: how far its draw and its calling are, without a name."""
    project = projects.visible(number, viewer=request.actor)
    return render(request, "bidding/evaluation/panel.html", pages.panel(project, request.actor, at=request.arrived_at))


@require_POST
@login_required
@stepped_up
def call_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The officer calls the panel, or draws further."""
    services.convene(
        project_number=number, strata=forms.strata(request.POST), reason=request.POST.get("reason", ""),
        region=request.POST.get("region", "")[:60], widen_region=request.POST.get("widen_region", "")[:301],
        widen=request.POST.get("widen", "")[:301], representatives=forms.representatives(request.POST),
        venue=request.POST.get("venue", "").strip(), early=request.POST.get("early") == "yes",
        starts_at=forms.moment(request.POST.get("starts_at", "")), by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:panel", number)


@require_POST
@login_required
def import_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The witness imports a panel that another pool has drawn."""
    file = request.FILES.get("evidence")
    outside.import_panel(
        project_number=number, told=forms.outside(request.POST), evidence=file.read() if file else b"",
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:panel", number)


@require_POST
@login_required
@never_cache
def panel_evidence(request: HttpRequest, number: str) -> HttpResponse:
    """The record of a panel drawn elsewhere, which may name it: the supervision body's alone, with a purpose."""
    kept, file = outside.evidence(
        project_number=number, purpose=request.POST.get("purpose", ""), by=request.actor, at=request.arrived_at
    )
    headers = {"Content-Disposition": f'attachment; filename="{kept.sha256[:16]}.bin"'}
    return HttpResponse(file, content_type="application/octet-stream", headers=headers)


@require_POST
@login_required
def propose_experts(request: HttpRequest, number: str) -> HttpResponse:
    """The officer proposes experts picked by the buyer."""
    file = request.FILES.get("evidence")
    selected.propose(
        project_number=number, members=forms.members(request.POST), ground=request.POST.get("ground", ""),
        reason=request.POST.get("reason", "")[:301], evidence=file.read() if file else b"", by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:panel", number)


@require_POST
@login_required
def decide_experts(request: HttpRequest, number: str) -> HttpResponse:
    """The supervision body agrees to them, or does not."""
    selected.decide(
        project_number=number, agreed=forms.YES_NO.get(request.POST.get("agreed", "")),
        why=request.POST.get("why", "")[:301], seen=request.POST.get("seen", ""), by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:panel", number)


@require_safe
@login_required
@never_cache
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """The consent that came with a proposal: the supervision body's alone."""
    row, file = selected.consent(project_number=number, by=request.actor)
    headers = {"Content-Disposition": f'attachment; filename="{row.sha256[:16]}.bin"'}
    return HttpResponse(file, content_type="application/octet-stream", headers=headers)


@require_POST
@login_required
def confirm_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The officer signs the evidence of a panel drawn elsewhere."""
    outside.confirm_panel(
        project_number=number, sha256=request.POST.get("sha256", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:panel", number)


@require_safe
@login_required
@never_cache
def evaluation(request: HttpRequest, number: str) -> HttpResponse:
    """The evaluation for its officer, its members and the supervision body."""
    project = projects.visible(number, viewer=request.actor)
    shown = pages.evaluation(project, request.actor, at=request.arrived_at)
    shown["appraising"] = afterwards.appraising(project, request.actor, at=request.arrived_at)
    return render(request, "bidding/evaluation/evaluation.html", shown)


@require_POST
@login_required
def qualify(request: HttpRequest, number: str) -> HttpResponse:
    """The purchaser's qualification review."""
    services.qualify(
        project_number=number, findings=forms.findings(request.POST), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def declare(request: HttpRequest, number: str) -> HttpResponse:
    """A member declares that he has no conflict."""
    services.declare(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def recuse(request: HttpRequest, number: str) -> HttpResponse:
    """A member leaves his seat."""
    services.recuse(
        project_number=number, reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("experts:invitations")


@require_POST
@login_required
def excuse(request: HttpRequest, number: str) -> HttpResponse:
    """The supervision body takes a member off the panel."""
    seat = request.POST.get("seat", "")
    services.excuse(
        project_number=number, seat_no=int(seat) if seat.isascii() and seat.isdigit() and len(seat) < 4 else 0,
        reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def review(request: HttpRequest, number: str) -> HttpResponse:
    """A member hands in his compliance review."""
    orgs = queries.orgs_of(projects.visible(number, viewer=request.actor))
    services.review(
        project_number=number, votes=forms.votes(request.POST, orgs), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def save_review(request: HttpRequest, number: str) -> HttpResponse:
    """A member's review is kept while he writes it: by the page's script as he goes, or by the button."""
    orgs = queries.orgs_of(projects.visible(number, viewer=request.actor))
    row = drafts.save_review(
        project_number=number, votes=forms.written(request.POST, orgs), by=request.actor, at=request.arrived_at
    )
    if request.accepts("text/html"):
        return redirect("bidding:evaluation", number)
    return JsonResponse({"saved_at": iso(row.saved_at)})


@require_POST
@login_required
def save_scores(request: HttpRequest, number: str) -> HttpResponse:
    """A member saves cells of his sheet: the page's script as he types, or the button."""
    sheet = scoring.save_scores(
        project_number=number, cells=forms.cells(request.POST), by=request.actor, at=request.arrived_at
    )
    if request.accepts("text/html"):
        return redirect("bidding:evaluation", number)
    return JsonResponse({"saved_at": iso(sheet.saved_at)})


@require_POST
@login_required
@stepped_up
def lock_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """A member locks his sheet, with the cells as the form has them."""
    confirmed = request.POST.get("confirmed") == "yes"
    scoring.save_and_lock(
        project_number=number, cells=forms.cells(request.POST), confirmed=confirmed, by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def reopen_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """A member takes up a disputed objective factor again."""
    scoring.reopen_sheet(
        project_number=number, reason=request.POST.get("reason", ""), by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def sign_report(request: HttpRequest, number: str) -> HttpResponse:
    """A member signs the report."""
    scoring.sign_report(
        project_number=number, dissent=request.POST.get("dissent", ""),
        explanation=request.POST.get("explanation", ""), refuses=request.POST.get("refuses") == "yes",
        seen=request.POST.get("seen", ""), by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def ask_rollback(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer applies to have the panel score again."""
    told = request.POST
    going_back.ask(
        project_number=number, ground=told.get("ground", ""), reason=told.get("reason", ""), by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def decide_rollback(request: HttpRequest, number: str) -> HttpResponse:
    """The supervision body decides on it."""
    approves = request.POST.get("approves") == "yes"
    going_back.decide(
        project_number=number, approves=approves, why=request.POST.get("why", ""), seen=request.POST.get("seen", ""),
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    return redirect("bidding:evaluation", number)


@require_POST
@login_required
def note_refusal(request: HttpRequest, number: str) -> HttpResponse:
    """The supervision body notes that a member neither signs nor says why."""
    seat = forms.whole(request.POST.get("seat", ""))
    going_back.note_refusal(project_number=number, seat_no=seat, by=request.actor, at=request.arrived_at)
    return redirect("bidding:evaluation", number)


@require_safe
@login_required
@never_cache
def body_file(request: HttpRequest, number: str, org: str, part: str, name: str) -> HttpResponse:
    """One opened document of a bid, for a member who has declared; always as a download."""
    project = projects.visible(number, viewer=request.actor)
    for file in queries.body_files(project, org, request.actor):
        if (file.part, file.name) == (part, name):
            answer = FileResponse(file.streamed(), as_attachment=True, filename=name)
            answer["Content-Type"] = "application/octet-stream"
            answer["Content-Length"] = str(file.size)
            return answer
    raise Http404
