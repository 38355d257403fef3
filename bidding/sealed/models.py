"""What is written down between the opening of sealed quotes and the choice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class FixedQuotes(models.Model):
    """The opened quotes as the choice takes them, published before any lot is drawn. Written once.

    rows: [{"org", "name", "quote", "reasons"}], yuan; reasons against who may not win, empty for who may.
    """

    tender = models.OneToOneField("bidding.Tender", models.PROTECT, related_name="fixed_quotes")
    rows = models.JSONField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class LowQuote(models.Model):
    """A quote far below the others, which its provider must explain before anybody is chosen.

    least: yuan, below which a quote must be explained.  text: the explanation, published with the result.
    judge_by: until when the buyer may say whether he takes it; reason: why he does or does not, published.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="low_quotes")
    organisation = models.CharField(max_length=18)
    least = models.DecimalField(max_digits=14, decimal_places=2)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    judge_by = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    judged_by = models.CharField(max_length=36, blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("tender", "organisation", name="low_quote_asked_once"),
            models.CheckConstraint(
                condition=Q(judged_at=None, accepted=None)
                | Q(judged_at__isnull=False, accepted__isnull=False, answered_at__isnull=False) & ~Q(reason=""),
                name="low_quote_judged_with_reasons",
            ),
        ]


class Judge(models.Model):
    """Somebody who judges a choice by merit for the owner: one of his own people, or an expert he invited.

    declared_at: he said whether anything ties him to one of those who offer.  recused: it does, so he does not judge.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="judges")
    person = models.CharField(max_length=36)
    name = models.CharField(max_length=64)
    invited = models.BooleanField()
    named_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    recused = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("tender", "person", name="judge_named_once")]


class Assessment(models.Model):
    """What one judge gives one provider, with his reasons. Written once.

    scores: factor ↦ points as text.
    """

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="assessments")
    organisation = models.CharField(max_length=18)
    scores = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("judge", "organisation", name="assessed_once")]
