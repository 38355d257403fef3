"""What was done well, by whom. Nothing that costs a point has a row here: that is the findings' alone."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from blacklist.credit.rules import MERITS


class Merit(models.Model):
    """Something done well in a purchase; never changed.  code: credit code.  evidence: number of the purchase.

    kind: of `rules.MERITS`, all of which add points: a row that took some away has no kind to be of.
    """

    code = models.CharField(max_length=18)
    kind = models.CharField(max_length=12)
    evidence = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "kind", "evidence"], name="a_merit_once_a_purchase"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in MERITS]), name="merit_adds_points"),
            models.CheckConstraint(condition=~Q(evidence=""), name="merit_has_evidence"),
        ]
        indexes: ClassVar = [models.Index(fields=["code", "on"], name="merits_of")]

    def __str__(self) -> str:
        return f"{self.code} {self.kind} {self.evidence}"
