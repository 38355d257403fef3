"""Reads of ratings: nobody sees the other side's word before both are shown; from then on everybody sees both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.regions.queries import lies_in
from documents.evidence import queries as papers
from documents.evidence.models import Evidence
from intermediaries.ratings import rules
from intermediaries.ratings.models import FollowUp, Occasion, Rating
from intermediaries.ratings.rules import Mean, Side
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import in_region
from rulebook.refusal import Reason
from rulebook.regions import region_of

MOST = 500  # rows of one page


@dataclass(frozen=True)
class Counted:
    """A rating that is shown, and whether it enters the mean; why not, where it does not."""

    rating: Rating
    counts: bool


def of(number: str) -> Occasion:
    """The ratings of a purchase. Raises Occasion.DoesNotExist: it has not ended."""
    return Occasion.objects.get(project_number=number)


def found(number: str) -> Occasion | None:
    """The same, None before it has ended."""
    return Occasion.objects.filter(project_number=number).first()


def given(occasion: Occasion, *, viewer: Actor) -> dict[Side, Rating]:
    """By who is rated: both once they are shown; before, to each side what it said itself."""
    rows = {Side(row.side): row for row in occasion.ratings.select_related("follow_up")}
    if occasion.shown_at is not None:
        return rows
    own = occasion.parties.side_of(viewer)
    return {side: row for side, row in rows.items() if own is not None and side is own.other}


def why_not_begin(occasion: Occasion, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against rating now, whatever is said."""
    side = occasion.parties.side_of(by)
    rated = side is not None and occasion.ratings.filter(side=side.other.value).exists()
    return rules.why_not_begin(parties=occasion.parties, rated=rated, closes_at=occasion.closes_at, by=by, at=at)


def why_not_say(occasion: Occasion, *, said: Mapping[str, Any], by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against this rating.  said: level, scores, text, evidence."""
    side = occasion.parties.side_of(by)
    rated = side is not None and occasion.ratings.filter(side=side.other.value).exists()
    return rules.why_not_rate(
        parties=occasion.parties, rated=rated, closes_at=occasion.closes_at, level=said["level"],
        scores=said["scores"], text=said["text"], evidence=said["evidence"], by=by, at=at,
    )  # fmt: skip


def about(number: str, side: str, *, answer: bool = False) -> str:
    """What a file is about: the rating of a side in a purchase, or that side's answer to it."""
    return f"rating:{number}:{side}{':answer' if answer else ''}"


def may_have(evidence: Evidence, viewer: Actor) -> bool:
    """Whether somebody may have a file of a rating: who handed it in; once it is shown, both sides and supervisors."""
    occasion = found(evidence.about.split(":")[1])
    if occasion is None or not viewer.person:
        return False
    if viewer.person == evidence.person:
        return True
    supervises = in_region(viewer, region_of(occasion.buyer)).role is Role.SUPERVISOR
    return occasion.shown_at is not None and (occasion.parties.side_of(viewer) is not None or supervises)


def files_of(row: Rating, *, viewer: Actor) -> tuple[list[Evidence], list[Evidence]]:
    """The files of a rating and of its answer this person may have."""
    number = row.occasion.project_number
    told = papers.of_all([about(number, row.side), about(number, row.side, answer=True)])
    of, answered = (told.get(about(number, row.side, answer=each), []) for each in (False, True))
    return [each for each in of if may_have(each, viewer)], [each for each in answered if may_have(each, viewer)]


def follow_up(rating: Rating) -> FollowUp | None:
    """What becomes of a low rating; None before it is shown, and of any other."""
    return getattr(rating, "follow_up", None)


def why_not_answer(rating: Rating, *, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against answering this rating."""
    held = follow_up(rating)
    return rules.why_not_answer(
        subject=rating.organisation, low=rating.low, shown=held is not None,
        answered=bool(held and held.answered_at), found=bool(held and held.found_at), text=text, by=by,
    )  # fmt: skip


def shown_of(code: str, *, side: Side = Side.PROVIDER) -> list[Counted]:
    """Every public rating of an organisation on one side of purchases, the latest first, and whether it counts."""
    rows = Rating.objects.filter(organisation=code, side=side.value, occasion__shown_at__isnull=False)
    return [
        Counted(row, _counts(row))
        for row in rows.select_related("occasion", "follow_up").order_by("-occasion__shown_at", "-pk")[:MOST]
    ]


def mean_of(code: str, *, side: Side = Side.PROVIDER) -> Mean:
    """The means of an organisation: of the ratings that are shown and count, in completed purchases alone."""
    rows = Rating.objects.filter(
        organisation=code, side=side.value, by_default=False, occasion__completed=True, occasion__shown_at__isnull=False
    ).select_related("occasion", "follow_up")
    return rules.mean_of([row.scores for row in rows if _counts(row)], side=side)


def _counts(row: Rating) -> bool:
    held = follow_up(row)
    finding = held.finding if held else ""
    return rules.counts(completed=row.occasion.completed, by_default=row.by_default, finding=finding)


def to_rate(viewer: Actor, *, at: datetime) -> list[Occasion]:
    """The purchases this person's house has still to rate, the most pressing first."""
    if viewer.role not in (Role.OFFICER, Role.PROVIDER) or not viewer.organisation:
        return []
    side = Side.BUYER if viewer.role is Role.OFFICER else Side.PROVIDER
    rows = Occasion.objects.filter(**{side.value: viewer.organisation}, closes_at__gt=at, shown_at=None)
    return list(rows.exclude(ratings__side=side.other.value).order_by("closes_at"))


def to_answer(viewer: Actor) -> QuerySet[FollowUp]:
    """Low ratings of this person's house that wait for its answer."""
    side = Side.BUYER if viewer.role is Role.OFFICER else Side.PROVIDER
    rows = FollowUp.objects.filter(answered_at=None, found_at=None, rating__side=side.value)
    return rows.filter(rating__organisation=viewer.organisation or "-").select_related("rating__occasion")


def to_find(viewer: Actor, *, at: datetime) -> QuerySet[FollowUp]:
    """Low ratings that wait for a finding where the viewer's office reaches: answered, or the time for it is over."""
    rows = FollowUp.objects.filter(Q(answered_at__isnull=False) | Q(due_at__lte=at), found_at=None)
    rows = rows.filter(lies_in("rating__occasion__buyer", viewer.region))
    return rows.select_related("rating__occasion").order_by("finding_due_at")


def waiting(at: datetime) -> list[str]:
    """Numbers of the purchases whose time of rating is over and whose ratings are not shown."""
    rows = Occasion.objects.filter(shown_at=None, closes_at__lte=at).order_by("closes_at")
    return list(rows.values_list("project_number", flat=True))


def as_told(row: Rating) -> dict[str, Any]:
    """A rating as the log has it."""
    return {
        "side": row.side, "org": row.organisation, "level": row.level, "scores": row.scores, "text": row.text,
        "evidence": row.evidence, "by_default": row.by_default,
    }  # fmt: skip
