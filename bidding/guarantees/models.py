"""When a guarantee came free before the result, and that it went back; each written once."""

from typing import ClassVar

from django.db import models


class Freed(models.Model):
    """A bidder left lawfully before the result: its guarantee is owed back from then on."""

    tender = models.ForeignKey("bidding.Tender", on_delete=models.PROTECT, related_name="freed")
    organisation = models.CharField(max_length=18)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "organisation"], name="freed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.organisation}"


class Refund(models.Model):
    """The buyer noted that a bidder's guarantee went back.

    organisation: "" for all of them at once, where the bids stayed sealed and nobody may know whose they are.
    """

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
