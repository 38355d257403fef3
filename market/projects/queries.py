"""Reads of projects: what a viewer may see, and the lock of an act."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.queries import organisation
from accounts.rules import Kind
from market.projects import rules
from market.projects.models import Again, Project, ReservedNumber, Suspension
from market.projects.rules import Procedure, Stage, procedure_of
from market.projects.stops import Act, Stop, shifted, why_not_while_suspended
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason
from rulebook.regions import region_of as region_of_code
from rulebook.terms import USUAL, Terms

# Written out: every act of offering waits for it, and at a deadline all bidders act at once.
MOST_TRIES = 10
_LOCK = "SELECT id FROM market_project WHERE number = %s"


def hold(number: str) -> Project:
    """The project, locked until the end of the transaction: the first line of an act. Raises Project.DoesNotExist."""
    # Only the project's row: the buyer is joined in later reads, and locking it would make purchases wait for others.
    return Project.objects.select_for_update().get(number=number)


def hold_published(number: str) -> Project:
    """The project, locked as by `hold`: for acts after publication, to which a draft is not there for anybody."""
    return Project.objects.select_for_update().exclude(stage=Stage.DRAFT.value).get(number=number)


def lock(number: str) -> None:
    """Hold a project without reading it. Raises Project.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + (" FOR UPDATE" if connection.features.has_select_for_update else ""), [number])
        if cursor.fetchone() is None:
            raise Project.DoesNotExist


def hold_if_there(number: str) -> Project | None:
    """The project, locked as by `hold`, or None."""
    return Project.objects.select_for_update().filter(number=number).first()


def hold_batch(number: str) -> Project:
    """The project, locked together with the other lots of its batch, in the order of lots."""
    own = Project.objects.get(number=number)
    if own.batch:
        list(Project.objects.select_for_update().filter(batch=own.batch).order_by("lot").values_list("pk"))
    return hold(number)


def region_of(number: str) -> str | None:
    """Where a procurement lies; None where there is none."""
    if not number.isprintable():  # as no number is; a database may not even be asked for a null character
        return None
    code = Project.objects.filter(number=number).values_list("buyer_id", flat=True).first()
    return None if code is None else region_of_code(code)


def lots(project: Project) -> list[Project]:
    """Every lot of the project's batch, in order; empty for a purchase alone."""
    return list(Project.objects.filter(batch=project.batch).order_by("lot")) if project.batch else []


def visible_to(viewer: Actor) -> QuerySet[Project]:
    """Published projects, and the drafts of the viewer's own house where the viewer is its officer."""
    public = ~Q(stage=Stage.DRAFT.value)
    if viewer.role is Role.OFFICER and viewer.organisation:
        public |= Q(buyer_id=viewer.organisation) | Q(agent_id=viewer.organisation)
    return Project.objects.filter(public).select_related("buyer", "agent")


def visible(number: str, viewer: Actor) -> Project:
    """One project as this viewer may see it. Raises Project.DoesNotExist: not found and not visible look the same."""
    return visible_to(viewer).get(number=number)


def followed(project: Project) -> Again | None:
    """What this project says of the failed one it buys again; None where it is a first."""
    return Again.objects.filter(project=project).select_related("before").first()


def earlier(project: Project) -> list[Again]:
    """The failed purchases before this one, the latest first, each with what the next one says of it."""
    told: list[Again] = []
    row = followed(project)
    while row is not None and len(told) < MOST_TRIES:
        told.append(row)
        row = followed(row.before)
    return told


def followers(project: Project, *, viewer: Actor) -> list[Project]:
    """Projects that buy this one again: published ones; its own officers see a draft as well."""
    rows = visible_to(viewer).filter(again__before=project)
    return list(rows.order_by("stage_at", "pk"))


def begun_again(project: Project) -> bool:
    """A project that buys this one again is drafted, or runs."""
    over = [Stage.FAILED.value, Stage.CANCELLED.value]
    return Again.objects.filter(before=project).exclude(project__stage__in=over).exists()


def to_buy_again(viewer: Actor) -> list[Project]:
    """The viewer's own tenders that failed and that nothing follows yet, the latest first; a few of them."""
    over = [Stage.FAILED.value, Stage.CANCELLED.value]
    under_way = Again.objects.filter(before=OuterRef("pk")).exclude(project__stage__in=over)
    rows = of_buyer(viewer).filter(stage=Stage.FAILED.value, tender__isnull=False, purchase=None)
    return list(rows.exclude(Exists(under_way))[:MOST_TRIES])


def stops(project: Project) -> list[Stop]:
    """Every stretch of time in which the purchase rested, in order."""
    return [each.stop for each in Suspension.objects.filter(project=project).order_by("started_at")]


def why_not_go_on(project: Project, act: Act, *, at: datetime) -> tuple[Reason, ...]:
    """Reasons against an act while the purchase rests."""
    return why_not_while_suspended(stops(project), act, at=at)


def rested(project: Project, due: datetime, *, since: datetime, act: Act, at: datetime) -> datetime:
    """A clock's end, later by as long as the purchase rested between its beginning and its end."""
    return shifted(due, since=since, stops=stops(project), act=act, at=at)


def suspended_too_long(at: datetime) -> list[str]:
    """Numbers of purchases whose announced rest is over."""
    found = Suspension.objects.filter(ended_at=None, until__lte=at).order_by("until")
    return list(found.values_list("project__number", flat=True))


def published() -> QuerySet[Project]:
    """Every published project, newest first."""
    return Project.objects.exclude(stage=Stage.DRAFT.value).select_related("buyer").order_by("-published_at", "number")


def of_buyer(viewer: Actor) -> QuerySet[Project]:
    """The projects an officer works on: those his own house buys or acts for, whatever their stage."""
    if viewer.role is not Role.OFFICER or not viewer.organisation:
        return Project.objects.none()
    own = Q(buyer_id=viewer.organisation) | Q(agent_id=viewer.organisation)
    return Project.objects.filter(own).select_related("buyer", "agent").order_by("-stage_at", "number")


def why_not_begin(viewer: Actor) -> tuple[Reason, ...]:
    """Reasons against beginning a tender; which letter an agent does it under is asked after."""
    if shut := rules.why_not_officer(buyer=viewer.organisation or "-", by=viewer):
        return shut
    kind = Kind(organisation(viewer.organisation).kind)
    return rules.why_not_draft(
        edition=rules.Edition.LAW_2017, production=False, kind=kind, entrusted=kind is Kind.AGENT, by=viewer
    )


def due(at: datetime, *, rows: Callable[[Procedure], bool] = lambda _: True) -> list[str]:
    """Numbers of the projects whose minute of publication has come.  rows: which procedures are asked for."""
    scheduled = Project.objects.filter(stage=Stage.DRAFT.value, scheduled_at__isnull=False, publish_at__lte=at)
    found = scheduled.order_by("publish_at").values_list("number", "method", "edition")
    return [number for number, method, edition in found if rows(procedure_of(method, edition))]


def reserved(*, free: bool = True) -> list[str]:
    """Numbers set aside, the oldest first; those nobody has taken, or all."""
    rows = ReservedNumber.objects.filter(taken_at__isnull=True) if free else ReservedNumber.objects.all()
    return list(rows.order_by("reserved_at", "number").values_list("number", flat=True))


def hold_reserved(number: str) -> ReservedNumber | None:
    """A reserved number, locked until the end of the transaction; None for one that never was reserved."""
    return ReservedNumber.objects.select_for_update().filter(number=number).first()


def terms_of(number: str) -> Terms:
    """What the law of a purchase calls things; the usual terms where there is no such purchase."""
    if not number.isprintable():  # as no number is; a database may not even be asked for a null character
        return USUAL
    row = Project.objects.filter(number=number).values_list("method", "edition").first()
    return procedure_of(*row).terms if row else USUAL


def terms_of_stream(stream: str) -> Terms:
    """The terms of the purchase whose stream this is; the usual ones for any other stream."""
    kind, _, number = stream.removesuffix("/room").partition("/")
    try:
        return _published_terms(number) if kind == "project" else USUAL
    except Project.DoesNotExist:
        return terms_of(number)


@lru_cache(maxsize=1024)
def _published_terms(number: str) -> Terms:
    """Kept by the process: a purchase keeps the procedure it was published under. Raises Project.DoesNotExist."""
    return (
        Project.objects.exclude(stage=Stage.DRAFT.value)
        .only("method", "edition", "local")
        .get(number=number)
        .procedure.terms
    )


def forget() -> None:
    """Nothing is known any more of purchases that were read before: for another house in the same process."""
    _published_terms.cache_clear()
