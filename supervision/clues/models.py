"""What was found when the bids of a session were looked at. Written once; what comes of it is the alert's."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from supervision.clues.rules import Kind


class Screening(models.Model):
    """The bids of one session of an opening were looked at, whether anything was found or not.

    bidders: {organisation: name} of those whose bids were looked at.  read: how many of their files.
    groups: lists of organisations that share enough for an alert.
    """

    opening = models.OneToOneField("bidding.Opening", on_delete=models.PROTECT, related_name="screening")
    bidders = models.JSONField()
    read = models.PositiveIntegerField()
    groups = models.JSONField(default=list)
    screened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-screened_at"], name="screening_newest")]

    def __str__(self) -> str:
        return f"{self.opening_id} {self.screened_at}"


class Clue(models.Model):
    """One thing several of these bidders share.  orgs, points, evidence: as the rules say them."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="clues")
    kind = models.CharField(max_length=10)
    orgs = models.JSONField()
    points = models.PositiveSmallIntegerField()
    evidence = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="clue_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.screening_id} {self.kind}"
