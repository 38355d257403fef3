"""Reads of alerts and of what is watched: for supervisors and auditors, nobody else learns that there is any."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from accounts.regions.queries import lies_in, reaching
from market.projects.models import Project
from rulebook.actor import Actor, Role
from supervision.monitors.models import Alert, AlertStep, Cursor, Watched
from supervision.monitors.rules import VIEWERS, Finding

PAGE = 30
BUYER = "project__buyer_id"
CAP = 100  # a count stops here: more is more


def may_see(viewer: Actor) -> bool:
    """Supervisors and auditors."""
    return viewer.role in VIEWERS


def visible_to(viewer: Actor) -> QuerySet[Alert]:
    """The alerts of where their office reaches for those; none for others."""
    found = Alert.objects.select_related("project__buyer").filter(lies_in(BUYER, viewer.region))
    return found if may_see(viewer) else found.none()


def alert(public_id: object, viewer: Actor) -> Alert:
    """One alert. Raises Alert.DoesNotExist for all who may see none."""
    return visible_to(viewer).get(public_id=public_id)


def open_ones(viewer: Actor) -> QuerySet[Alert]:
    """Alerts that wait for a finding, the most pressing first."""
    return visible_to(viewer).filter(closed_at=None).order_by("due_at", "pk")


def mine(viewer: Actor, *, most: int = 20) -> list[Alert]:
    """What this supervisor has to close, then what anybody may take, the most pressing first."""
    if viewer.role is not Role.SUPERVISOR:
        return []
    own = list(open_ones(viewer).filter(owner=viewer.person)[:most])
    free = open_ones(viewer).filter(Q(owner="") | Q(late__gt=0)).exclude(owner=viewer.person)
    return own + list(free[:most])


def of_project(project: Project, viewer: Actor) -> list[Alert]:
    """The alerts about a procurement, in order."""
    return list(visible_to(viewer).filter(project=project).order_by("raised_at", "pk"))


def steps(row: Alert) -> list[AlertStep]:
    """What happened to an alert, in order."""
    return list(row.steps.order_by("pk"))


def region_of(row: Alert) -> str:
    """Where what it is about lies; empty for what lies nowhere in particular."""
    return row.project.region if row.project else ""


def others(row: Alert, viewer: Actor) -> list[tuple[str, str]]:
    """The other supervisors whose office reaches it, by public id and name."""
    found = reaching(Role.SUPERVISOR, region_of(row)).order_by("name", "pk")
    return [(str(user.public_id), user.name) for user in found if str(user.public_id) != viewer.person]


def capped(rows: QuerySet[Alert]) -> int:
    """How many, as far as CAP: a count that does not grow."""
    return len(rows.order_by().values_list("pk")[:CAP])


def overdue(viewer: Actor, *, at: datetime) -> QuerySet[Alert]:
    """Open alerts whose owner is late."""
    return open_ones(viewer).filter(Q(due_at__lte=at) | Q(late__gt=0))


def judged(kinds: Iterable[str], viewer: Actor) -> dict[str, tuple[int, int]]:
    """By kind of alert: how many people have closed, and how many of those were false alarms."""
    said = [each.value for each in Finding if each is not Finding.IN_TIME]
    found = visible_to(viewer).select_related(None).filter(kind__in=list(kinds), finding__in=said).values_list("kind")
    counted = found.annotate(n=Count("pk"), wrong=Count("pk", filter=Q(finding=Finding.FALSE.value)))
    return {kind: (n, wrong) for kind, n, wrong in counted}


def pulse(viewer: Actor) -> str:
    """Changes whenever something new was read or happened to an alert where the viewer's office reaches; no more."""
    if viewer.region:
        step = AlertStep.objects.filter(lies_in(f"alert__{BUYER}", viewer.region)).order_by("-pk").first()
        watched = Watched.objects.filter(lies_in("buyer", viewer.region), running=True).aggregate(read=Sum("seq"))
        return f"{watched['read'] or 0}-{step.at.timestamp() if step else 0}"
    last = AlertStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    read = Cursor.objects.values_list("next", flat=True).first() or 0
    return f"{read}-{last}"


def after(rows: QuerySet[Alert], last: Alert) -> QuerySet[Alert]:
    """The page that follows, by deadline."""
    return rows.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
