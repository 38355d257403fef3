"""An outage, or a rest, before the deadline: the deadline moves later by as long, and everybody is told."""

from datetime import datetime, timedelta

from bidding.changes import events
from bidding.changes.models import Change
from bidding.tender.models import Tender
from ledger.services import record
from market.notices import services as notices
from market.notices.rules import Type
from rulebook.actor import Actor
from rulebook.times import iso

BY_INCIDENT = "incident"  # in the place of the second officer: nobody decides about an outage


def postpone(
    *, tender: Tender, by_how_much: timedelta, text: str, because: tuple[str, str] = ("", BY_INCIDENT), by: Actor,
    at: datetime,
) -> Change:  # fmt: skip
    """Announce a correction that moves the deadline. The caller holds the project and has refused what is to refuse.

    because: what stands in the places of who proposed and who approved, where nobody decided.
    """
    project, was = tender.project, tender.closes_at
    tender.closes_at = was + by_how_much
    content = {
        "text": text, "answers": [], "differences": [], "documents": [], "may_affect": False,
        "deadline": iso(tender.closes_at), "deadline_was": iso(was),
    }  # fmt: skip
    notice = notices.announce(project=project, type=Type.CORRECTION, content=content, by=by, at=at)
    change = Change.objects.create(
        tender=tender, text=text, may_affect=False, was=was, closes_at=tender.closes_at,
        proposed_by=because[0] or by.person, proposed_at=at, approved_by=because[1], published_at=at, notice=notice,
    )  # fmt: skip
    tender.save(update_fields=["closes_at"])
    event = events.DeadlineMoved(
        stream=project.log, notice=notice.number, sha256=notice.sha256, was=iso(was), deadline=iso(tender.closes_at)
    )
    record(event, at=at)
    return change
