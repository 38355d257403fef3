"""That a guarantee went back; written once."""

from typing import ClassVar

from django.db import models


class Refund(models.Model):
    """The buyer noted that a bidder's guarantee went back."""

    tender = models.ForeignKey("bidding.Tender", on_delete=models.PROTECT, related_name="refunds")
    organisation = models.CharField(max_length=18)
    refunded_on = models.DateField()
    noted_by = models.CharField(max_length=36)
    noted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "organisation"], name="refunded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.organisation}"
