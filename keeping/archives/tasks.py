"""Ticks of the archive."""

from datetime import datetime

from keeping.archives import services
from keeping.archives.models import ToPack
from ledger.queries import PAGE
from rulebook.actor import Actor
from rulebook.rows import left_for_next_time

MOST = 5  # procurements packed in one tick: others wait their turn


def pack(*, by: Actor, at: datetime) -> None:
    """Note what has ended, and pack what is quiet by now."""
    while services.note_ended(by=by, at=at) == PAGE:
        pass
    due = ToPack.objects.filter(due_at__lte=at).select_related("project__buyer").order_by("due_at")[:MOST]
    for row in due:
        with left_for_next_time(row.project.number):
            services.pack(project=row.project, by=by, at=at)
