"""Reads: the public list of bans, and what waits for a second supervisor, which is the supervision's."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.regions.queries import under
from blacklist.sanctions import rules
from blacklist.sanctions.models import Sanction, SanctionDraft
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason


def shown(*, at: datetime, words: str = "") -> QuerySet[Sanction]:
    """The public list: bans whose time on show is not over and that nothing ended, newest first.

    words: narrow it to a name, a code or a document's number. Who takes part in anything is not asked.
    """
    rows = Sanction.objects.filter(publish_until__gte=day_in_china(at)).exclude(facts__kind__in=list(rules.ENDS))
    found = rows.prefetch_related("facts").order_by("-starts_on", "-id")
    return found.filter(Q(name__contains=words) | Q(code=words.upper()) | Q(decision_no=words)) if words else found


def visible(public_id: object, *, viewer: Actor, at: datetime) -> Sanction:
    """A decision with its history: to everybody while it is shown, to the supervision always. Else DoesNotExist."""
    rows = Sanction.objects.prefetch_related("facts") if not rules.why_not_keep(by=viewer) else shown(at=at)
    return rows.get(public_id=public_id)


def waiting(viewer: Actor) -> QuerySet[SanctionDraft]:
    """What one supervisor recorded and another has yet to confirm, where the viewer's office reaches, oldest first."""
    found = SanctionDraft.objects.filter(confirmed_at=None, dropped_at=None).select_related("sanction").order_by("pk")
    if not viewer.region:
        return found
    return found.filter(under("told__region", viewer.region) | under("sanction__region", viewer.region))


def region_of(draft: SanctionDraft) -> str:
    """Where what it is about holds; empty for everywhere."""
    return str(draft.told.get("region", "")) if draft.sanction is None else draft.sanction.region


def why_not_note(
    row: Sanction, *, fact: str, authority: str, document_no: str, reason: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against noting what followed this decision now."""
    return rules.why_not_note(
        fact=fact, followed=row.followed, decided_on=row.decided_on, ends_on=row.ends_on, gravity=row.gravity,
        authority=authority, document_no=document_no, reason=reason, by=by, on=day_in_china(at),
    )  # fmt: skip
