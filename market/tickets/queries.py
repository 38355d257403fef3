"""Reads of tickets: they are the body's they were sent to, and nobody else's."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from market.complaints import queries as before
from market.complaints.models import Complaint
from market.projects.models import Project
from market.tickets import rules
from market.tickets.models import Ticket
from rulebook.actor import Actor


def of_body(viewer: Actor) -> QuerySet[Ticket]:
    """The tickets of the viewer's body; none for whoever handles none."""
    found = Ticket.objects.select_related("answer", "complaint__project")
    return found.filter(body=viewer.organisation) if rules.handles(viewer) else found.none()


def ticket(public_id: object, *, viewer: Actor) -> Ticket:
    """One of them. Raises Ticket.DoesNotExist: not found and not visible look the same."""
    return of_body(viewer).get(public_id=public_id)


def waiting(viewer: Actor) -> QuerySet[Ticket]:
    """Those to be answered, the most pressing first."""
    return of_body(viewer).filter(answer=None).order_by("due_on", "pk")


def answered(viewer: Actor, *, since: date) -> QuerySet[Ticket]:
    """Those answered from a day on, as they go back."""
    return of_body(viewer).filter(answer__answered_on__gte=since).order_by("answer__answered_on", "pk")


def complaints(viewer: Actor) -> QuerySet[Complaint]:
    """Complaints before the viewer's body that a ticket may belong to, the newest first."""
    return before.visible_to(viewer).order_by("-filed_at") if rules.handles(viewer) else Complaint.objects.none()


def checked(table: Sequence[Sequence[str]], *, body: str, on: date) -> tuple[list[rules.Row], list[rules.Wrong]]:
    """A file's tickets and what is wrong with it, beside what the house has already."""
    cells = {cell.strip() for row in table for cell in row}
    known = set(Ticket.objects.filter(body=body, number__in=cells).values_list("number", flat=True))
    published = Project.objects.filter(number__in=cells).exclude(published_at=None)
    return rules.read(table, known=known, projects=set(published.values_list("number", flat=True)), on=on)
