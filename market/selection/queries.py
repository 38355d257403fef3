"""Reads of enrolments. Until the list may be known each firm sees its own and nobody sees more, nor how many."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count

from accounts.queries import name_of
from blacklist.credit import queries as house
from draws import queries as draws
from draws.models import Draw
from draws.rules import Phase
from ledger import blobs
from ledger import queries as ledger
from ledger.queries import Head
from market.awards.models import Award
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.procedure import Credit
from market.projects.rules import Selection, Stage, why_not_officer
from market.projects.stops import Act
from market.purchases.models import Purchase
from market.selection import credit, gate, rules
from market.selection.models import ChoicePool, Enrolment, EntrantList, Pick, ShortList
from market.selection.rules import Calendar
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason
from rulebook.rows import if_any


def enrolling(number: str, *, viewer: Actor) -> Project:
    """A published purchase for which providers enrol. Raises Purchase.DoesNotExist for any other."""
    project = projects.visible(number, viewer=viewer)
    row = project.procedure.selection
    if row is None or not row.enrols or project.stage == Stage.DRAFT:
        raise Purchase.DoesNotExist
    return project


def row_of(project: Project) -> Selection:
    """What only the supermarket has."""
    row = project.procedure.selection
    assert row is not None  # a purchase has one
    return row


def sizes(project: Project) -> Credit | None:
    """Places on the long and the short list, as the purchase announced them, else as its row has them."""
    row, told = row_of(project).credit, project.purchase.weights or {}
    return Credit(int(told.get("long") or row.long), int(told.get("short") or row.short)) if row else None


def calendar(project: Project) -> Calendar:
    """What the clock decides about enrolling."""
    accepts = row_of(project).enrols and project.stage == Stage.OPEN
    fixed = EntrantList.objects.filter(project=project).exists()
    return Calendar(accepts=accepts, closes_at=project.purchase.closes_at, fixed=fixed)


def own(project: Project, *, viewer: Actor) -> list[Enrolment]:
    """The viewer's own enrolments with what became of them, oldest first; empty for anyone but a provider."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return []
    rows = Enrolment.objects.filter(project=project, organisation=viewer.organisation)
    return list(rows.select_related("entry", "withdrawal__entry").order_by("version"))


def own_under_way(viewer: Actor) -> list[Enrolment]:
    """The viewer's enrolments that stand, in purchases nobody has been chosen in; empty for anyone but a provider."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return []
    stages = [Stage.OPEN.value, Stage.DECIDING.value, Stage.PROPOSED.value]
    rows = Enrolment.objects.filter(organisation=viewer.organisation, withdrawal=None, project__stage__in=stages)
    return list(rows.select_related("project__purchase").order_by("project_id"))


def live_of(project: Project, org: str) -> Enrolment | None:
    """The enrolment of one firm that stands."""
    rows = Enrolment.objects.filter(project=project, organisation=org, withdrawal=None)
    return rows.select_related("entry").first()


def live(project: Project) -> list[Enrolment]:
    """Every enrolment that stands, by code. For the closing alone: nobody is shown this before."""
    rows = Enrolment.objects.filter(project=project, withdrawal=None)
    return list(rows.select_related("entry").order_by("organisation"))


def why_not_enrol(project: Project, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Everything that stands against this actor's enrolment now: the button shows it."""
    known = by.role is Role.PROVIDER and bool(by.organisation)
    return rules.why_not_enrol(
        calendar=calendar(project),
        enrolled=known and live_of(project, by.organisation) is not None,
        against=gate.why_not_take_part(project, org=by.organisation, at=at) if known else (),
        by=by,
        at=at,
    )


def why_not_withdraw(project: Project, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking this actor's enrolment back now."""
    enrolled = by.role is Role.PROVIDER and live_of(project, by.organisation) is not None
    return rules.why_not_withdraw(calendar=calendar(project), enrolled=enrolled, by=by, at=at)


def closing(project: Project) -> EntrantList | None:
    """The list at the deadline, once it is fixed."""
    return EntrantList.objects.filter(project=project).select_related("entry").first()


def sealed_checkpoint(project: Project) -> Head | None:
    """The sealed log's checkpoint over the closing, once it is signed and, where witnesses are set, witnessed."""
    head = ledger.sealed_batch(project.log)
    return head if head and (head.cosigned or not settings.QUORUM) else None


def entrants(project: Project) -> list[str]:
    """Codes of who was enrolled at the deadline, once its closing is logged; none before.

    For acts of the house, such as who may quote in an auction: whom it may be shown to, `shown` decides.
    """
    fixed = closing(project)
    return [row["org"] for row in _listing(fixed)["live"]] if fixed and fixed.closed_at else []


def _listing(fixed: EntrantList) -> dict[str, Any]:
    return canonical.parse_object(fixed.listing.encode())


def count(fixed: EntrantList) -> int:
    """How many are on a fixed list. For the closing alone."""
    return len(_listing(fixed)["live"])


def shown(project: Project) -> list[dict[str, str]] | None:
    """Who enrolled, for everybody; None while nobody may know."""
    fixed = closing(project)
    if fixed is None or not fixed.published:
        return None
    told = canonical.parse_object(blobs.read(fixed.published))
    return [{"org": row["org"], "name": row["name"]} for row in told["live"]]


def pool(project: Project) -> ChoicePool | None:
    """Who was left on the day of choice."""
    return ChoicePool.objects.filter(project=project).first()


def draw(project: Project) -> Draw | None:
    """The draw that decides, or the last that came to nothing."""
    return draws.latest(project.number, rules.PURPOSE)


def order_of(row: Draw) -> list[str]:
    """Organisations in the order of their lots: the chosen, then those in reserve; empty before the result."""
    org = {item["cid"]: item["org"] for item in row.pool}
    [told] = draws.result_by_stratum(row).values() or [{"chosen": [], "standby": []}]
    return [org[cid] for cid in (*told["chosen"], *told["standby"])]


def short_list(project: Project) -> ShortList | None:
    """Whom lots have put before the buyer, where he picks."""
    return ShortList.objects.filter(project=project).first()


def pick(project: Project) -> Pick | None:
    """Whom the buyer picked."""
    return Pick.objects.filter(project=project).first()


def why_not_pick(project: Project, *, org: str, reason: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against picking this firm off the short list now."""
    listed = short_list(project)
    if rests := projects.why_not_go_on(project, Act.CHOICE, at=at):
        return why_not_officer(buyer=project.buyer_id, by=by) or rests
    return rules.why_not_pick(
        buyer=project.buyer_id, short_list=[row["org"] for row in listed.listed] if listed else [],
        picked=pick(project) is not None or project.stage != Stage.DECIDING, org=org, reason=reason, by=by,
    )  # fmt: skip


def sort_out(project: Project, orgs: Collection[str], *, at: datetime) -> tuple[list[str], list[dict[str, Any]]]:
    """Who is still eligible on the day of choice, and who is out: {"org", "name", "reasons"}, by code."""
    against = gate.against(project, orgs, at=at)
    out = [
        {"org": org, "name": name_of(org), "reasons": [reason.sentence(project.terms) for reason in reasons]}
        for org, reasons in sorted(against.items())
        if reasons
    ]
    return sorted(org for org, reasons in against.items() if not reasons), out


def records(orgs: Collection[str], *, at: datetime) -> list[credit.Record]:
    """What is known of these providers: their credit today, and for how many purchases they were ever chosen."""
    scores = house.scores(orgs, at=at)
    found = Award.objects.filter(organisation__in=list(orgs), project__purchase__isnull=False)
    jobs = dict(found.values("organisation").annotate(n=Count("pk")).values_list("organisation", "n"))
    return [credit.Record(org, name_of(org), scores[org], jobs.get(org, 0)) for org in sorted(orgs)]


def to_close(at: datetime) -> list[tuple[str, datetime, int]]:
    """Purchases whose time of enrolment is over and whose list is not fixed: number, deadline, drain."""
    due = Project.objects.filter(stage=Stage.OPEN.value, purchase__closes_at__lte=at, entrants=None)
    return [
        (project.number, project.purchase.closes_at, project.procedure.drain)
        for project in if_any(due.select_related("purchase"))
        if row_of(project).enrols
    ]


def to_announce() -> list[str]:
    """Purchases whose list is fixed and not announced."""
    rows = EntrantList.objects.filter(entry=None, project__stage=Stage.OPEN.value)
    return list(rows.values_list("project__number", flat=True))


def to_choose(at: datetime) -> list[str]:
    """Purchases whose day of choice by lot has come."""
    due = Project.objects.filter(
        stage=Stage.OPEN.value, purchase__selects_at__lte=at, entrants__closed_at__isnull=False
    )
    return [project.number for project in if_any(due.order_by("purchase__selects_at")) if row_of(project).by_lot]


def to_settle() -> list[str]:
    """Purchases whose draw is over, or whose buyer has a short list."""
    rows = ChoicePool.objects.filter(project__stage=Stage.DECIDING.value)
    numbers = list(rows.values_list("project__number", flat=True))
    return [
        number
        for number in numbers
        if (row := draws.latest(number, rules.PURPOSE)) is not None and Phase(row.phase) in (Phase.SETTLED, Phase.VOID)
    ]
