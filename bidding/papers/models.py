"""The papers of an opening. Rows are written once."""

from django.db import models
from django.db.models import Q


class Paper(models.Model):
    """One paper of one session: printed by the house, or a scan somebody filed."""

    class Origin(models.TextChoices):
        PRINTED = "printed"
        SCAN = "scan"

    opening = models.ForeignKey("bidding.Opening", models.PROTECT, related_name="papers")
    origin = models.CharField(max_length=8, choices=Origin.choices)
    title = models.CharField(max_length=60)
    type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("opening", condition=Q(origin="printed"), name="paper_printed_once"),
            models.UniqueConstraint("opening", "sha256", name="paper_filed_once"),
        ]
