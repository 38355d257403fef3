"""Tables of recorded decisions. What two people of the supervision confirmed is never changed: the database refuses.

A body can be banned before it ever registers, a person before anybody here knows him: both are found by a key.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from blacklist.sanctions.rules import BASES, Fact, Gravity, ended, stayed
from rulebook.regions import name_of


class Sanction(models.Model):
    """One authority's decision against one body or one person, confirmed by a second supervisor; never changed.

    code: of a body, empty for a person, whose name is masked here.  region: digits of the division it reaches, empty
    for everywhere.  publish_until: the last day it is shown.  recorded_by, confirmed_by: people; of decisions recorded
    before a second was asked, nobody and "-".
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=100)
    decision_no = models.CharField(max_length=60)
    basis = models.CharField(max_length=10)
    grounds = models.CharField(max_length=500)
    regimes = models.CharField(max_length=4)
    region = models.CharField(max_length=6, blank=True)
    gravity = models.CharField(max_length=8, default=Gravity.SERIOUS.value)
    decided_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day it binds
    publish_until = models.DateField()  # the last day it is shown
    recorded_by = models.CharField(max_length=36, default="")
    confirmed_by = models.CharField(max_length=36, default="-")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "authority", "decision_no"], condition=~Q(code=""), name="one_decision_once_a_body"
            ),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="sanction_term_runs_forward"),
            models.CheckConstraint(condition=Q(basis__in=list(BASES)), name="sanction_basis_known"),
            models.CheckConstraint(condition=~Q(recorded_by=F("confirmed_by")), name="sanction_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.decision_no}"

    @property
    def law(self) -> str:
        """The article it rests on."""
        return f"《{BASES[self.basis].law.law}》{BASES[self.basis].law.number}"

    @property
    def followed(self) -> list[str]:
        """What followed it, in order."""
        return [fact.kind for fact in sorted(self.facts.all(), key=lambda fact: fact.pk)]

    @property
    def region_name(self) -> str:
        """Where it holds; empty for everywhere."""
        return name_of(self.region)

    @property
    def ended(self) -> bool:
        return ended(self.followed)

    @property
    def stayed(self) -> bool:
        return stayed(self.followed)


class SanctionKey(models.Model):
    """By what a decision's subject is found: a credit code, or each keyed hash of a person's number; never changed.

    The gate asks for one subject's bans that are not over: a short range of this table's index.
    """

    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="keys")
    key = models.CharField(max_length=64)
    ends_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "ends_on", "sanction"], name="sanction_gate")]

    def __str__(self) -> str:
        return f"{self.sanction_id}"


class SanctionFact(models.Model):
    """What followed a decision, by whose document; two people of the supervision say so; never changed."""

    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=8)
    authority = models.CharField(max_length=100)
    document_no = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    recorded_by = models.CharField(max_length=36)
    confirmed_by = models.CharField(max_length=36)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[fact.value for fact in Fact]), name="sanction_fact_known"),
            models.CheckConstraint(condition=~Q(recorded_by=F("confirmed_by")), name="sanction_fact_by_two"),
        ]

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.kind}"


class SanctionDraft(models.Model):
    """What one supervisor recorded and another has yet to confirm: it binds and frees nobody.

    kind: "decision", or a `Fact` about `sanction`.  told: its facts; of a person hashes and a mask, never a number.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8)
    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, null=True, related_name="+")
    told = models.JSONField()
    recorded_by = models.CharField(max_length=36)
    recorded_by_name = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
