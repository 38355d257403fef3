"""The lines of a supervisor's desk about alerts: his own to close, and those anybody may take."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.desk.duties import Duty
from rulebook.actor import Actor
from supervision.monitors import queries
from supervision.monitors.rules import OWNED


def alerts(viewer: Actor) -> Iterator[Duty]:
    """What waits for this supervisor's finding by when, and what waits for somebody to take it."""
    for row in queries.mine(viewer):
        own = row.owner == viewer.person
        what = _("写明预警的结论") if own else _("接办逾期的预警") if row.owner else _("接办预警")
        about = row.project.title if row.project else row.subject
        here = reverse("supervision:alert", args=[row.public_id])
        yield Duty(what, about, row.what, here, _("去办理"), row.due_at, OWNED)
