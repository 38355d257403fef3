"""Rows of ratings, keyed by the purchase's number: this floor knows no purchase."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intermediaries.ratings.rules import HIGHEST, LOWEST, Finding, Parties, Side

SIDES = [side.value for side in Side]


class Occasion(models.Model):
    """A purchase both sides may rate.  project_number: its number.  completed: else its contract was terminated.

    shown_at: when both sides' words became public; until then each sees its own alone.
    """

    project_number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    item = models.CharField(max_length=200, blank=True)
    buyer = models.CharField(max_length=18)
    buyer_name = models.CharField(max_length=200)
    provider = models.CharField(max_length=18)
    provider_name = models.CharField(max_length=200)
    completed = models.BooleanField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["closes_at"], condition=Q(shown_at=None), name="ratings_waiting"),
            models.Index(fields=["provider", "shown_at"], name="ratings_of_a_provider"),
            models.Index(fields=["buyer", "shown_at"], name="ratings_of_a_buyer"),
        ]

    def __str__(self) -> str:
        return self.project_number

    @property
    def log(self) -> str:
        """The stream its public facts go to."""
        return f"project/{self.project_number}"

    @property
    def parties(self) -> Parties:
        """Its two sides."""
        return Parties(self.buyer, self.provider)

    def name(self, side: Side) -> str:
        """What a side is called."""
        return self.buyer_name if side is Side.BUYER else self.provider_name


class Rating(models.Model):
    """One side of a purchase about the other; never changed.  side: who is rated.  level: 1–5, 好差评.

    by_default: nobody said anything in time; it has no points and counts nowhere.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=8)
    organisation = models.CharField(max_length=18)
    level = models.PositiveSmallIntegerField()
    scores = models.JSONField()
    text = models.CharField(max_length=1000, blank=True)
    evidence = models.CharField(max_length=1000, blank=True)
    low = models.BooleanField()
    by_default = models.BooleanField()
    by_person = models.CharField(max_length=36, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occasion", "side"], name="rated_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="rating_side_known"),
            models.CheckConstraint(condition=Q(level__gte=LOWEST, level__lte=HIGHEST), name="rating_level_of_five"),
            models.CheckConstraint(condition=Q(low=False) | ~Q(text="") & ~Q(evidence=""), name="low_rating_says_why"),
            models.CheckConstraint(
                condition=Q(by_default=False) | Q(low=False, scores={}), name="default_has_no_points"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "side"], name="ratings_of")]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.side}"


class FollowUp(models.Model):
    """What becomes of a low rating: answered by who was rated, found on by the supervision.

    due_at: of the answer, with what was put right.  finding_due_at: of the finding.
    """

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="follow_up")
    due_at = models.DateTimeField()
    finding_due_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.CharField(max_length=36, blank=True)
    answered_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=10, blank=True)
    finding_text = models.CharField(max_length=1000, blank=True)
    found_by_name = models.CharField(max_length=64, blank=True)
    found_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(finding="", found_at=None)
                | Q(finding__in=[f.value for f in Finding], found_at__isnull=False) & ~Q(finding_text=""),
                name="low_rating_found_with_words",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(found_at=None), name="ratings_to_follow_up")]

    def __str__(self) -> str:
        return str(self.rating_id)
