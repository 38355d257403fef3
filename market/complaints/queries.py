"""Reads of complaints: they are the complainant's, the competent body's, and, once accepted, the other side's."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.regions.queries import competent, lies_in
from accounts.rules import Kind
from market.awards.models import Award, ResultObjection
from market.complaints import rules
from market.complaints.models import Challenge, Complaint, Decision
from market.complaints.rules import About, Prior, Route, State
from market.projects.models import Project
from rulebook.actor import Actor, Role


def route_for(about: About, project: Project | None) -> Route | None:
    """The channel for a grievance about this purchase, or about none."""
    return rules.route_of(about, project.procedure.regime if project else "")


def bodies(project: Project | None) -> list[Organisation]:
    """Who may be competent, the nearest first: where regions name a body, those of the purchase's own and above.

    Law: 政府采购法 第55条 (the supervising department of its own level).
    """
    found = list(Organisation.objects.filter(kind=Kind.REGULATOR).order_by("name"))
    near = competent(project.region) if project else []
    return sorted((each for each in found if each.code in near), key=lambda each: near.index(each.code)) or found


def known_at(project: Project, about: About, *, at: datetime) -> datetime:
    """When a supplier came to know at the latest: the end of the notice's time, of the stage, of the result's notice.

    Law: 政府采购法实施条例 第53条.
    """
    award = Award.objects.filter(project=project).order_by("determined_at").last()
    if about is About.RESULT:
        return project.procedure.award_notice.due(award.determined_at) if award else max(at, project.stage_at)
    if about is About.PROCESS:
        return project.stage_at
    return min(project.notice_ends_at or at, at)


def first_step(public_id: object, project: Project | None) -> tuple[Challenge | None, Prior | None]:
    """The first step of that id about this purchase: put here in form, or raised to the published candidates."""
    if not public_id or project is None:
        return None, None
    made = Challenge.objects.filter(public_id=public_id, project=project).first()
    if made is not None:
        return made, made.prior
    raised = ResultObjection.objects.filter(public_id=public_id, project=project).first()
    if raised is None:
        return None, None
    return None, Prior(raised.organisation, (raised.text,), raised.raised_at, raised.due_at, raised.answered_at)


def first_steps(viewer: Actor, project: Project, about: About) -> list[tuple[str, str, Prior]]:
    """The viewer's own first steps about this: (public id, words, step)."""
    rows = [
        (str(each.public_id), each.points[0], each.prior)
        for each in challenges(viewer, project=project).filter(about=about.value)
        if each.organisation == viewer.organisation
    ]
    if about is About.RESULT and viewer.role is Role.PROVIDER:
        for raised in ResultObjection.objects.filter(project=project, organisation=viewer.organisation):
            prior = first_step(raised.public_id, project)[1]
            rows += [(str(raised.public_id), raised.text, prior)] if prior else []
    return rows


def _mine(viewer: Actor) -> Q:
    if not viewer.person:
        return Q(pk=None)
    return Q(organisation=viewer.organisation) & ~Q(organisation="")


def visible_to(viewer: Actor) -> QuerySet[Complaint]:
    """Complaints this viewer may know of at all."""
    found = Complaint.objects.select_related("project__buyer", "challenge")
    if viewer.role is Role.SUPERVISOR:
        own = found.filter(body=viewer.organisation)
        near = lies_in("project__buyer_id", viewer.region)
        return own.filter(near | Q(project=None)) if viewer.region else own  # about no purchase: the whole body's
    seen = _mine(viewer)
    accepted = Q(state__in=[State.ACCEPTED.value, State.DECIDED.value])
    if viewer.role is Role.OFFICER and viewer.organisation:
        seen |= accepted & (Q(project__buyer_id=viewer.organisation) | Q(project__agent_id=viewer.organisation))
    if viewer.role is Role.PROVIDER and viewer.organisation:
        seen |= accepted & Q(other=viewer.organisation)
    return found.filter(seen)


def complaint(public_id: object, *, viewer: Actor) -> Complaint:
    """One of them. Raises Complaint.DoesNotExist: not found and not visible look the same."""
    return visible_to(viewer).get(public_id=public_id)


def is_own(held: Complaint, viewer: Actor) -> bool:
    """This viewer's house filed it."""
    return bool(viewer.organisation) and held.organisation == viewer.organisation


def is_other_side(held: Complaint, viewer: Actor) -> bool:
    """It is against this viewer's house."""
    if viewer.role is Role.OFFICER and held.project is not None:
        return held.project.is_officer(viewer)
    return viewer.role is Role.PROVIDER and bool(held.other) and held.other == viewer.organisation


def who(held: Complaint, viewer: Actor) -> str:
    """Who complains, as this viewer may know it; empty where it would tell who bids."""
    if is_own(held, viewer) or viewer.role is Role.SUPERVISOR:
        return held.name
    return held.name if held.project is None or rules.shows_name(held.project.stage) else ""


def challenges(viewer: Actor, *, project: Project | None = None) -> QuerySet[Challenge]:
    """First steps: a supplier's own; a buyer's that were put to it."""
    found = Challenge.objects.select_related("project__buyer").order_by("-raised_at")
    if project is not None:
        found = found.filter(project=project)
    if viewer.role is Role.PROVIDER and viewer.organisation:
        return found.filter(organisation=viewer.organisation)
    if viewer.role is Role.OFFICER and viewer.organisation:
        return found.filter(Q(project__buyer_id=viewer.organisation) | Q(project__agent_id=viewer.organisation))
    return found.none()


def challenge(public_id: object, *, viewer: Actor) -> Challenge:
    """One of them. Raises Challenge.DoesNotExist."""
    return challenges(viewer).get(public_id=public_id)


def decided(organisation: str, *, at: datetime) -> list[tuple[rules.Outcome, datetime]]:
    """What came of this house's complaints within the window of abuse."""
    found = Complaint.objects.filter(
        organisation=organisation, state=State.DECIDED.value, ended_at__gt=at - rules.WINDOW
    )
    return [(rules.Outcome(each), when) for each, when in found.values_list("outcome", "ended_at") if when]


def decisions() -> QuerySet[Decision]:
    """What was announced, the latest first."""
    return Decision.objects.select_related("complaint__project").order_by("-published_at", "-pk")


def open_of(organisation: str, project: Project | None) -> int:
    """How many of this house's complaints about a purchase are not ended."""
    return Complaint.objects.filter(
        organisation=organisation, project=project, state__in=[each.value for each in rules.OPEN]
    ).count()


def own_facts(held: Complaint, viewer: Actor) -> dict[str, Any]:
    """What a page says of who looks at it."""
    return {
        "own": is_own(held, viewer), "other_side": is_other_side(held, viewer),
        "handles": viewer.role is Role.SUPERVISOR and viewer.organisation == held.body, "who": who(held, viewer),
    }  # fmt: skip
