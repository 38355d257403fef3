"""Questions of those who took the documents, and the changes a buyer announces."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from bidding.changes.rules import Said
from rulebook.times import iso


class Question(models.Model):
    """What somebody asked. The text alone is anybody's else; who asked is nobody's, and the row never changes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tender = models.ForeignKey("bidding.Tender", on_delete=models.PROTECT, related_name="questions")
    organisation = models.CharField(max_length=18)
    person = models.CharField(max_length=36)
    text = models.TextField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.public_id)


class Change(models.Model):
    """A correction or clarification: proposed by one officer, published by the approval of another, final from then on.

    differences: [{"place", "was", "now"}].  was, closes_at: the deadline before and after, where it moves.
    told_at: when those who took the documents were told.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tender = models.ForeignKey("bidding.Tender", on_delete=models.PROTECT, related_name="changes")
    text = models.TextField(blank=True)
    differences = models.JSONField(default=list)
    may_affect = models.BooleanField()
    was = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=36)
    proposed_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)
    approved_by = models.CharField(max_length=36, blank=True)
    published_at = models.DateTimeField(null=True)
    notice = models.OneToOneField("market.Notice", on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender"], condition=Q(published_at=None, returned_at=None),
                                    name="one_change_at_a_time"),
            models.CheckConstraint(condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by")),
                                   name="change_approved_by_another"),
            models.CheckConstraint(condition=Q(published_at=None) | Q(notice__isnull=False, returned_at=None) &
                                   ~Q(approved_by=""), name="change_published_with_notice"),
            models.CheckConstraint(condition=Q(closes_at=None) | Q(closes_at__gt=F("was")),
                                   name="change_moves_forward"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.public_id)

    def said(self) -> Said:
        """What it says, as the rules look at it."""
        return Said(
            text=self.text,
            answers={str(each.question_id): each.text for each in self.answers.all()},
            differences=tuple((row["place"], row["was"], row["now"]) for row in self.differences),
            files=self.documents.count(),
            may_affect=self.may_affect,
            closes_at=self.closes_at,
        )

    @property
    def moves(self) -> dict[str, Any]:
        """The old deadline as a notice says it, where this change moves it."""
        return {"deadline_was": iso(self.was)} if self.closes_at and self.was else {}


class Answer(models.Model):
    """What a change answers to one question."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "question"], name="answered_once_in_a_change"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.question_id}"
