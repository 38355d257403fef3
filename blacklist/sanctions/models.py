"""The table of recorded bans, keyed by credit code: a body can be banned before it ever registers."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from blacklist.sanctions.rules import BASES


class Sanction(models.Model):
    """One authority's decision against one body. Only its lifting is ever added."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=100)
    decision_no = models.CharField(max_length=60)
    basis = models.CharField(max_length=10)
    grounds = models.CharField(max_length=500)
    regimes = models.CharField(max_length=4)
    decided_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day it binds
    publish_until = models.DateField()  # the last day it is shown
    lifted_on = models.DateField(null=True)  # the first day it no longer binds
    lifted_because = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "authority", "decision_no"], name="one_decision_once_a_body"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="sanction_term_runs_forward"),
            models.CheckConstraint(condition=Q(basis__in=list(BASES)), name="sanction_basis_known"),
        ]
        # The gate asks for one body's bans that are not over: one short range of this index.
        indexes: ClassVar = [models.Index(fields=["code", "ends_on"], name="sanction_gate")]

    def __str__(self) -> str:
        return f"{self.name} {self.decision_no}"

    @property
    def law(self) -> str:
        """The article it rests on."""
        return f"《{BASES[self.basis].law.law}》{BASES[self.basis].law.number}"
