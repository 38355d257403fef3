"""Reads of changes and questions: what is answered is everybody's, what is only asked is the buyer's, without names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.queries import name_of
from bidding.changes import rules
from bidding.changes.models import Answer, Change, Question
from bidding.changes.rules import Said, Standing
from bidding.tender import queries as tenders
from bidding.tender.models import Tender
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason
from rulebook.rows import if_any


def standing(tender: Tender) -> Standing:
    """The tender as an act on it finds it."""
    row = tender.project.procedure
    return Standing(
        stage=tender.project.stage,
        buyer=tender.project.preparer,
        closes_at=tender.closes_at,
        corrections=row.correction,
        questions=row.questions,
        pending=pending(tender) is not None,
    )


def pending(tender: Tender) -> Change | None:
    """The change that waits for its second person; the caller shows it to the buyer's officers alone."""
    return Change.objects.filter(tender=tender, published_at=None, returned_at=None).first()


def waiting(tenders: Sequence[Tender]) -> tuple[dict[int, Change], set[int]]:
    """Of these tenders the change that waits for its second person, and which have questions that wait for an answer.

    By their keys; the caller shows both to the buyer's officers alone.
    """
    held = Change.objects.filter(tender__in=tenders, published_at=None, returned_at=None)
    asked = _unanswered().filter(tender__in=tenders).values_list("tender_id", flat=True)
    return {each.tender_id: each for each in held}, set(asked)


def returned(tender: Tender) -> Change | None:
    """The last change, where it was sent back."""
    last = Change.objects.filter(tender=tender).order_by("-id").first()
    return last if last and last.returned_at else None


def published(tender: Tender) -> list[Change]:
    """The changes that were announced, newest first."""
    found = Change.objects.filter(tender=tender).exclude(published_at=None).select_related("notice", "notice__project")
    return list(found.order_by("-published_at", "-id").prefetch_related("answers__question", "documents"))


def answers(tender: Tender) -> list[Answer]:
    """What was asked and answered, newest first, without a trace of who asked, or when."""
    found = Answer.objects.filter(change__tender=tender).exclude(change__published_at=None)
    return list(
        found.select_related("question", "change__notice__project").order_by("-change_id", "question__public_id")
    )


def open_questions(tender: Tender, *, viewer: Actor) -> list[Question]:
    """What waits for an answer, for the buyer's officers alone; in the order of random ids, so no order of asking."""
    if not tender.project.is_officer(viewer):
        return []
    return list(_unanswered().filter(tender=tender).order_by("public_id"))


def _unanswered() -> QuerySet[Question]:
    return Question.objects.exclude(pk__in=Answer.objects.exclude(change__published_at=None).values("question_id"))


def own_questions(tender: Tender, *, viewer: Actor) -> list[dict[str, Any]]:
    """The viewer's own questions, and whether each was answered."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return []
    done = set(Answer.objects.filter(change__tender=tender).exclude(change__published_at=None)
               .values_list("question_id", flat=True))  # fmt: skip
    found = Question.objects.filter(tender=tender, organisation=viewer.organisation).order_by("-asked_at")
    return [{"text": each.text, "asked_at": each.asked_at, "answered": each.pk in done} for each in found]


def why_not_ask(tender: Tender, *, text: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a question now."""
    own = by.organisation if by.role is Role.PROVIDER else ""
    return rules.why_not_ask(
        standing(tender),
        taken=tenders.taking(tender, by) is not None,
        text=text,
        asked=Question.objects.filter(tender=tender, organisation=own).count() if own else 0,
        own_names=[name_of(own), own, by.name] if own else [],
        by=by,
        at=at,
    )


def why_not_change(tender: Tender, *, said: Said, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against proposing this change now."""
    return rules.why_not_change(standing(tender), said=said, by=by, at=at)


def why_not_approve(tender: Tender, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against approving the change that waits."""
    waits = pending(tender)
    return rules.why_not_approve(
        standing(tender),
        said=waits.said() if waits else None,
        proposed_by=waits.proposed_by if waits else "",
        by=by,
        at=at,
    )


def to_tell() -> list[Change]:
    """Published changes of which those who took the documents do not know yet."""
    waiting = Change.objects.filter(published_at__isnull=False, told_at=None)
    return if_any(waiting.select_related("tender__project").order_by("id"))
