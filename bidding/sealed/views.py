"""Pages: a provider's own sealed quote, and the opened quotes for everybody."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.queries import name_of, people
from bidding.opening import queries as openings
from bidding.sealed import judging, low, queries, rescuing, waiting
from bidding.submission import devices
from bidding.submission import queries as submissions
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from experts.panels import barring
from ledger import queries as ledger
from market.projects import queries as projects
from market.projects.rules import Stage
from proofs.merit import FEWEST
from rulebook.actor import Role


def _published(request: HttpRequest, number: str) -> Tender:
    """A published purchase that takes sealed quotes. Raises Tender.DoesNotExist for any other, as for nothing."""
    tender = queries.tender(projects.visible(number, viewer=request.actor).number)
    if tender.project.stage == Stage.DRAFT:
        raise Tender.DoesNotExist
    return tender


def _holders(tender: Tender) -> list[str]:
    first = next(iter(tenders.committees(tender).values()), None)
    return [name_of(place["org"]) for place in first.roster] if first else []


@require_GET
@login_required
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """One's own quote, in one page. It is as long for the first who offers as for the hundredth."""
    tender = _published(request, number)
    context = {
        "nav": "notices",
        "project": tender.project,
        "purchase": tender.project.purchase,
        "tender": tender,
        "parts": tenders.committees(tender),
        "holders": _holders(tender),
        "k": tenders.threshold(tender)["k"],
        "against": submissions.why_not_bid(tender, by=request.actor, at=request.arrived_at),
        "mine": submissions.my_bid(tender, viewer=request.actor),
        "limit": settings.ENVELOPE_LIMIT,
        "served": ledger.scripts_served(),
    }
    response = render(request, "bidding/sealed/offer.html", context)
    response["Cache-Control"] = "no-store"
    return devices.known(request, response)


@require_safe
def offers(request: HttpRequest, number: str) -> HttpResponse:
    """The quotes once they are open, with every figure of the choice; before that, when and by whom they are opened."""
    tender = _published(request, number)
    at = request.arrived_at
    own = queries.own_low(tender, viewer=request.actor)
    stand = openings.stand(tender.project, at=at)
    context = {
        "nav": "notices",
        "project": tender.project,
        "purchase": tender.project.purchase,
        "tender": tender,
        "holders": _holders(tender),
        "opening": stand.opening,
        "units": stand.units,
        "rescue": rescuing.of(tender, viewer=request.actor),
        "outcome": queries.outcome(tender, at=at),
        "waits": [wait for wait in map(waiting.of, queries.draws_of(tender)) if wait],
        "unopened": [unit for unit in stand.units if unit.verdict not in ("", "OK")],
        "formula": queries.formula(tender),
        "to_panel": tender.project.procedure.needs_panel
        and (tender.project.is_officer(request.actor) or queries.judge(tender, viewer=request.actor) is not None),
        "may_judge_low": tender.project.is_officer(request.actor),
        "own_low": own if own and own.answered_at is None and at < own.due_at else None,
    }
    return render(request, "bidding/sealed/offers.html", context)


@require_GET
@login_required
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """The owner's panel: for its officer and its members; not found for everybody else."""
    tender = _judged(request, number)
    viewer, held = request.actor, queries.fixed(tender)
    judge = queries.judge(tender, viewer=viewer)
    is_officer = tender.project.is_officer(viewer)
    if not is_officer and judge is None:
        raise Tender.DoesNotExist
    able, silent = queries.judges_told(tender)
    over, row = queries.is_panel_over(tender, at=request.arrived_at), tender.project.procedure.selection
    named = set(tender.judges.values_list("person", flat=True))
    colleagues = people(organisation=tender.project.buyer_id, role=Role.OFFICER).order_by("name")
    may_judge = bool(judge and judge.declared_at and not judge.recused)
    done = set(judge.assessments.values_list("organisation", flat=True)) if judge else set()
    offers = [
        {**row, "done": row["org"] in done,
         "files": [file.name for file in openings.files_of(tender, row["org"])] if may_judge else []}
        for row in (held.rows if held else []) if not row["reasons"]
    ]  # fmt: skip
    context = {
        "nav": "notices", "project": tender.project, "tender": tender, "judge": judge, "is_officer": is_officer,
        "barred": barring.why_not_judge(number, viewer.person, at=request.arrived_at) if judge else (),
        "judges": tender.judges.order_by("pk"), "able": able, "silent": silent, "fewest": FEWEST,
        "colleagues": [user for user in colleagues if str(user.public_id) not in named],
        "opened": held is not None, "offers": offers, "may_judge": may_judge,
        "may_score": able >= FEWEST and not silent and not over, "over": over,
        "due": queries.panel_due(tender, at=request.arrived_at), "within": row.panel if row else None,
    }  # fmt: skip
    response = render(request, "bidding/sealed/panel.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _judged(request: HttpRequest, number: str) -> Tender:
    tender = _published(request, number)
    if not tender.project.procedure.needs_panel:
        raise Tender.DoesNotExist
    return tender


@require_POST
@login_required
def act_on_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Name a judge, declare, or give points: what the form says."""
    tender, told = _judged(request, number), request.POST
    who = {"project_number": tender.project.number, "by": request.actor, "at": request.arrived_at}
    if "person" in told:
        judging.name_judge(person=told["person"], **who)
    elif "expert" in told:
        judging.invite(username=told["expert"].strip(), **who)
    elif "recused" in told:
        judging.declare(recused=told["recused"] == "1", reason=told.get("reason", ""), **who)
    else:
        scores = {each["key"]: told.get(each["key"], "").strip() for each in tender.factors}
        judging.assess(org=told.get("org", ""), scores=scores, reason=told.get("reason", ""), **who)
    return redirect("bidding:owner_panel", number)


@require_GET
@login_required
def panel_file(request: HttpRequest, number: str, org: str, name: str) -> FileResponse:
    """A file of one provider's plan, for those who may judge it; not found for everybody else."""
    tender = _judged(request, number)
    judge = queries.judge(tender, viewer=request.actor)
    found = [file for file in openings.files_of(tender, org) if file.name == name]
    if judge is None or not judge.declared_at or judge.recused or not found:
        raise Tender.DoesNotExist
    return FileResponse(found[0].streamed(), as_attachment=True, filename=name)


@require_POST
@login_required
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """Say why one's quote is so low."""
    tender = _published(request, number)
    text = request.POST.get("text", "")
    low.explain(project_number=tender.project.number, text=text, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已说明，理由随结果公布。"))
    return redirect("bidding:offers", number)


@require_POST
@login_required
def judge_low(request: HttpRequest, number: str) -> HttpResponse:
    """Take the explanation of a low quote or not, with the reason."""
    tender, told = _published(request, number), request.POST
    low.judge(
        project_number=tender.project.number, org=told.get("org", ""), accepted=told.get("accepted") == "1",
        reason=told.get("reason", ""), by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已认定，理由已经公布。"))
    return redirect("bidding:offers", number)
