"""Pages of protected tips: to write and to read by code for everybody, a desk for the bodies, 404 for others."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import names_of
from accounts.regions.queries import competent
from rulebook.regions import is_division
from supervision.tips import queries, rules, services
from supervision.tips.rules import Outcome
from supervision.tips.words import OUTCOME_WORDS


@require_safe
@never_cache
def write(request: HttpRequest) -> HttpResponse:
    """What is protected, what is not, and the form whose text leaves the browser sealed alone."""
    near = competent(word) if is_division(word := request.GET.get("region", "")) else []
    told = {
        "standing": queries.standing(),
        "near": " ".join(near),
        "days": rules.ACKNOWLEDGED_WITHIN,
        "least": rules.BODIES,
    }
    return render(request, "supervision/tips/write.html", told)


@require_safe
@never_cache
def read(request: HttpRequest) -> HttpResponse:
    """Where a tipster reads answers by the code."""
    words = {each.value: str(said) for each, said in OUTCOME_WORDS.items()}
    return render(request, "supervision/tips/read.html", {"outcomes": words})


@require_safe
def recipients(request: HttpRequest) -> HttpResponse:
    """Who receives tips; for a body's supervisors, where they enter their reading key."""
    own = request.actor.organisation if rules.may_receive(request.actor) else ""
    standing = queries.standing()
    stands = any(row.organisation_id == own for row in standing)
    told = {"standing": standing, "own": own, "stands": stands, "least": rules.BODIES}
    return render(request, "supervision/tips/recipients.html", told)


@require_POST
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Receive no new tips."""
    services.leave(by=request.actor, at=request.arrived_at)
    messages.success(request, _("已退出；此前的线索仍由本单位办理。"))
    return redirect("supervision:tips_recipients")


@require_safe
@login_required
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What was sealed to the viewer's body: days and where each stands with both bodies, nothing of what it says."""
    if not queries.may_look(request.actor):
        raise Http404
    on, rows = rules.day_of(request.arrived_at), queries.of_body(request.actor)
    names = names_of({body for row in rows for body in row.bodies})
    lines = []
    for row in rows:
        states = [(names[each.body], each, _outcome(each.outcome)) for each in queries.states(row, on=on)]
        mine = next(each for _name, each, _words in states if each.body == request.actor.organisation)
        lines.append({"row": row, "mine": mine, "states": states})
    return render(request, "supervision/tips/desk.html", {"lines": lines, "nav": "desk"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def held(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One tip, opened in the viewer's browser; its body says here that it got it."""
    row = queries.held(public_id, viewer=request.actor)
    if request.method == "POST":
        services.acknowledge(public_id=public_id, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已确认收到。"))
        return redirect("supervision:tip", public_id)
    on = rules.day_of(request.arrived_at)
    states = queries.states(row, on=on)
    names = names_of(set(row.bodies))
    mine = next(each for each in states if each.body == request.actor.organisation)
    told = {
        "nav": "desk", "row": row, "mine": mine, "org": request.actor.organisation,
        "states": [(names[each.body], each, _outcome(each.outcome)) for each in states],
        "outcomes": [(each.value, words) for each, words in OUTCOME_WORDS.items()],
        "acts": row.acts.filter(body=request.actor.organisation).order_by("day", "seq"),
        "against": rules.why_not_acknowledge(acknowledged=mine.acknowledged is not None),
    }  # fmt: skip
    return render(request, "supervision/tips/held.html", told)


def _outcome(value: str) -> str:
    return str(OUTCOME_WORDS[Outcome(value)]) if value else ""
