"""Pages of the hall: the same picture for everyone, and what this reader may do."""

from collections import OrderedDict
from threading import Lock

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from accounts.factors.door import stepped_up
from bidding.opening import (
    causes,
    coefficients,
    conducting,
    copies,
    doors,
    hall,
    hosting,
    queries,
    replay,
    services,
    sessions,
)
from bidding.opening.forms import IncidentForm
from bidding.opening.queries import Standing
from bidding.opening.rules import PLAYED
from ledger import lines
from ledger import queries as ledger
from market.projects import queries as projects
from market.projects.models import Project
from rulebook.actor import Role
from rulebook.refusal import Kind, Reason, Refused

KEPT = 64  # fragments a process remembers: of ten halls at once in every language; an older one is asked for by nobody
_fragments: OrderedDict[tuple[str, str, int, str], str] = OrderedDict()
_lock = Lock()
NEWEST = 200  # lines of the record on the first page; the script and the log page have all of them


@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The hall; a purchase without one has its own page."""
    project = projects.visible(number, viewer=request.actor)
    if not project.procedure.needs_hall:
        return redirect(project)
    standing = doors.stand(project, viewer=request.actor, at=request.arrived_at)
    seq = ledger.last_seq(project.log)
    entries = ledger.entries_after(project.log, max(0, seq - NEWEST), NEWEST)
    context = {
        "project": project,
        "hall": _picture(standing, seq, request),
        "tools": hall.tools(standing, viewer=request.actor),
        "lines": [lines.line(entry) for entry in reversed(entries)],
    }
    return render(request, "bidding/opening/hall.html", context)


@require_GET
def play_again(request: HttpRequest, number: str) -> HttpResponse:
    """A finished opening seen again; anyone may, from the public record alone."""
    project = projects.visible(number, viewer=request.actor)
    told = {"project": project, "story": replay.story(project)}
    return render(request, "bidding/opening/replay.html", told)


@require_GET
@login_required
def own_copies(request: HttpRequest, number: str) -> HttpResponse:
    """One's own sealed envelopes: compared, opened on one's own machine, handed in again where a file was damaged."""
    project = projects.visible(number, viewer=request.actor)
    found = copies.copies(project, viewer=request.actor, at=request.arrived_at)
    told = [{"part": row["part"], "seq": row["seq"], "gen": row["sub"]["gen"], "sha256": row["env_sha256"],
             "wanted": row["env_sha256"] in found.wanted} for row in found.rows]  # fmt: skip
    context = {"project": project, "copies": found, "told": told}
    response = render(request, "bidding/opening/copies.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def fragment(request: HttpRequest, number: str) -> HttpResponse:
    """The part of the hall that is the same for everybody, as of the newest entry; made once for all who watch."""
    project = projects.visible(number, viewer=request.actor)
    seq = ledger.last_seq(project.log)
    made = (
        _drawn(doors.stand(project, viewer=request.actor, at=request.arrived_at), seq, request)
        if doors.is_shut(project)
        else _remembered((number, get_language() or "", seq, "")) or _make(project, seq, request)
    )
    response = HttpResponse(made)
    response["X-Seq"] = str(seq)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def actions(request: HttpRequest, number: str) -> HttpResponse:
    """What this reader may do now; never shared."""
    project = projects.visible(number, viewer=request.actor)
    standing = doors.stand(project, viewer=request.actor, at=request.arrived_at)
    context = {
        "hall": _picture(standing, ledger.last_seq(project.log), request),
        "tools": hall.tools(standing, viewer=request.actor),
    }
    response = render(request, "bidding/opening/_actions.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _make(project: Project, seq: int, request: HttpRequest) -> str:
    standing = queries.stand(project, at=request.arrived_at)
    # Once the hall is open the record alone decides the picture; before, the clock and the witnesses do as well.
    settled = standing.act in PLAYED
    key = (project.number, get_language() or "", seq, "" if settled else standing.act.value)
    return _remembered(key) or _remember(key, _drawn(standing, seq, request))


def _drawn(standing: Standing, seq: int, request: HttpRequest) -> str:
    return render_to_string(
        "bidding/opening/_main.html", {"hall": _picture(standing, seq, request), "terms": standing.project.terms}
    )


def _picture(standing: Standing, seq: int, request: HttpRequest) -> hall.Hall:
    seen = doors.sight(standing.project, request.actor)
    made = doors.narrowed(hall.picture(standing, seq=seq), seen=seen, organisation=request.actor.organisation)
    if seen is doors.Sight.ALL and made.law:
        made.room = [lines.line(entry) for entry in doors.story(standing.project)[::-1]]
    return made


def _remembered(key: tuple[str, str, int, str]) -> str | None:
    with _lock:
        return _fragments.get(key)


def _remember(key: tuple[str, str, int, str], text: str) -> str:
    with _lock:
        _fragments[key] = text
        while len(_fragments) > KEPT:
            _fragments.popitem(last=False)
    return text


def forget() -> None:
    """Forget every fragment made so far."""
    with _lock:
        _fragments.clear()


@require_POST
@login_required
@stepped_up
def open_hall(request: HttpRequest, number: str) -> HttpResponse:
    services.open_hall(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
@stepped_up
def open_session(request: HttpRequest, number: str) -> HttpResponse:
    sessions.open_session(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
@stepped_up
def declare_too_few(request: HttpRequest, number: str) -> HttpResponse:
    services.declare_too_few(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def pause(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    conducting.pause(project_number=number, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def resume(request: HttpRequest, number: str) -> HttpResponse:
    conducting.resume(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def extend(request: HttpRequest, number: str) -> HttpResponse:
    minutes, reason = request.POST.get("minutes", ""), request.POST.get("reason", "")
    given = int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0
    conducting.extend(project_number=number, minutes=given, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def report_incident(request: HttpRequest, number: str) -> HttpResponse:
    form = IncidentForm(request.POST)
    if not form.is_valid():
        raise Refused(Reason("incident.form", Kind.NOT_VALID, "请填写故障编号、起止时间和原因"))
    conducting.report_incident(project_number=number, **form.cleaned_data, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def confirm_incident(request: HttpRequest, number: str) -> HttpResponse:
    incident = request.POST.get("number", "")
    conducting.confirm_incident(project_number=number, number=incident, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Take the hall as its host."""
    hosting.take(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the hall to another officer."""
    to = request.POST.get("to", "")
    hosting.hand_over(project_number=number, to=to, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def stay(request: HttpRequest, number: str) -> JsonResponse:
    """A sign of presence of the host's page."""
    return JsonResponse({"mine": hosting.stay(project_number=number, by=request.actor, at=request.arrived_at)})


@require_POST
@login_required
def answer_objection(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    text = request.POST.get("text", "")
    services.answer_objection(
        project_number=number, objection_seq=seq, text=text, by=request.actor, at=request.arrived_at
    )
    return redirect("bidding:hall", number)


@require_POST
@login_required
def state_cause(request: HttpRequest, number: str, org: str) -> HttpResponse:
    """Host and witness state why a bid did not open; the supervisor rules on it."""
    rules_on = request.actor.role is Role.SUPERVISOR
    act = causes.rule_on_cause if rules_on else causes.state_cause
    cause, reason = request.POST.get("cause", ""), request.POST.get("reason", "")
    act(project_number=number, bidder=org, cause=cause, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
@stepped_up
def draw_coefficient(request: HttpRequest, number: str) -> HttpResponse:
    """The host has the coefficient of the price formula drawn."""
    coefficients.start(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
@stepped_up
def close_hall(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    services.close_hall(project_number=number, reason=reason, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)


@require_POST
@login_required
def end_in_failure(request: HttpRequest, number: str) -> HttpResponse:
    services.end_in_failure(project_number=number, by=request.actor, at=request.arrived_at)
    return redirect("bidding:hall", number)
