"""The contract that follows an award: as it is put forward, and as it stands."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class ContractProposal(models.Model):
    """A contract as the buyer put it before the winner.  amount: yuan.  file: its text, a PDF.

    payment, delivery: how it is paid, by when and in what steps it is performed.  agreed: None while the winner has
    not answered (or the buyer took it back), then its answer; reasons: of a return.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    award = models.ForeignKey("market.Award", on_delete=models.PROTECT, related_name="proposals")
    version = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    payment = models.CharField(max_length=1000)
    delivery = models.CharField(max_length=1000)
    late_reason = models.CharField(max_length=500, blank=True)
    file = models.OneToOneField("documents.Evidence", on_delete=models.PROTECT, related_name="+")
    proposed_by = models.CharField(max_length=36)
    proposed_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    reasons = models.CharField(max_length=1000, blank=True)
    settled_by = models.CharField(max_length=36, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "version"], name="contract_proposed_once_a_version"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(settled_at=None) | Q(agreed=True), name="one_contract_waits_or_stands"
            ),
            models.CheckConstraint(condition=~Q(agreed=False) | ~Q(reasons=""), name="contract_returned_with_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.version}"


class Contract(models.Model):
    """What buyer and winner agreed on.  signed_on: the day the winner confirmed it.  amount: yuan.

    late_reason: why it was signed after the days the law gives.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="contract")
    award = models.OneToOneField("market.Award", on_delete=models.PROTECT, related_name="contract")
    notice = models.OneToOneField("market.Notice", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    signed_on = models.DateField()
    late_reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="contract_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.amount}"
