"""Tick: carry out what two have decided."""

from datetime import datetime

from keeping.retention import services
from keeping.retention.models import Deletion
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

MOST = 20


def delete_due(*, by: Actor, at: datetime) -> None:
    """Delete what is confirmed and due."""
    due = Deletion.objects.filter(due_at__lte=at, done_at=None, withdrawn_at=None).select_related("project")
    for row in due.order_by("due_at")[:MOST]:
        with left_for_next_time(row.project.number):
            services.carry_out(deletion=row, by=by, at=at)
