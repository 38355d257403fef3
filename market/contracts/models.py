"""The contract that follows an award."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Contract(models.Model):
    """What buyer and winner signed.  amount: yuan.  late_reason: why it was signed after the days the law gives."""

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
