"""Pages: the standing roster for everybody, and one's own holder for its people."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.queries import pinned_keys
from bidding.holding import queries, rules, services
from bidding.holding.rules import Duty
from bidding.holding.words import DUTY_WORDS, KIND_WORDS, WHAT_WORDS
from rulebook.actor import Actor, Role


@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """Who keeps opening keys; for a holder's own people, who acts for it and what changed."""
    viewer: Actor = request.actor
    listed = [
        {"name": row.organisation.name, "kind": KIND_WORDS.get(row.organisation.kind, ""), "since": row.entered_at,
         "keyed": bool(pinned_keys(row.organisation_id)), "unattended": row.unattended}
        for row in queries.standing()
    ]  # fmt: skip
    told = {"listed": listed, "own": _own(viewer) if viewer.role is Role.HOLDER else None}
    return render(request, "bidding/holding/roster.html", told)


def _own(viewer: Actor) -> dict[str, object]:
    org = viewer.organisation
    staff = [
        {"person": person, "name": name, "duty": duty.value, "words": DUTY_WORDS[duty], "away": away}
        for person, name, duty, away in queries.colleagues(org)
    ]
    standing = queries.is_standing(org)
    members = sum(each["duty"] == Duty.MEMBER for each in staff)
    return {
        "staff": staff,
        "duties": [(duty.value, words) for duty, words in DUTY_WORDS.items()],
        "standing": standing,
        "unattended": any(row.unattended for row in queries.standing() if row.organisation_id == org),
        "deputies": sum(each["duty"] == Duty.DEPUTY for each in staff),
        "keyed": bool(pinned_keys(org)),
        "against_enter": rules.why_not_enter(
            organisation=org, kind=queries.kind_of(org), members=members, standing=standing, by=viewer
        ),
        "against_leave": rules.why_not_leave(organisation=org, standing=standing, by=viewer),
        "history": [(row.at, WHAT_WORDS[row.what], row.person, row.by_name) for row in queries.history(org)[:50]],
    }


@require_POST
@login_required
def enter(request: HttpRequest) -> HttpResponse:
    """Join the roster with one's own organisation."""
    services.enter(organisation=request.actor.organisation, by=request.actor, at=request.arrived_at)
    return redirect("bidding:roster")


@require_POST
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the roster with one's own organisation."""
    services.leave(organisation=request.actor.organisation, by=request.actor, at=request.arrived_at)
    return redirect("bidding:roster")


@require_POST
@login_required
def unattended(request: HttpRequest) -> HttpResponse:
    """Say whether one's own organisation releases its keys by a service of its own."""
    alone = request.POST.get("unattended") == "1"
    organisation = request.actor.organisation
    services.set_unattended(organisation=organisation, unattended=alone, by=request.actor, at=request.arrived_at)
    return redirect("bidding:roster")


@require_POST
@login_required
def appoint(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give a colleague a duty, or say that he is away or back. Of another house there is nobody here."""
    get_object_or_404(User, public_id=person, organisation_id=request.actor.organisation or "-")
    said = request.POST.get("duty", "")
    if said in ("away", "back"):
        services.set_away(person=str(person), away=said == "away", by=request.actor, at=request.arrived_at)
    else:
        duty = Duty(said) if said in set(Duty) else Duty.NONE
        services.appoint(person=str(person), duty=duty, by=request.actor, at=request.arrived_at)
    return redirect("bidding:roster")
