"""Rows of bonds between organisations."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from experts.affiliates.rules import Bond


class Affiliation(models.Model):
    """Two organisations belong together, as one of them or a keeper declared and another one agreed or denied.

    one: the upper where there is one.  until: the last day, empty while it lasts.  declared_for: the organisation that
    spoke, empty for a keeper of the register.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bond = models.CharField(max_length=10)
    one = models.CharField(max_length=18, db_index=True)
    one_name = models.CharField(max_length=120)
    other = models.CharField(max_length=18, db_index=True)
    other_name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True)
    basis = models.CharField(max_length=200)
    declared_by = models.CharField(max_length=64)
    declared_name = models.CharField(max_length=64)
    declared_for = models.CharField(max_length=18, blank=True)
    declared_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=64, blank=True)
    agreed_name = models.CharField(max_length=64, blank=True)
    agreed_at = models.DateTimeField(null=True)
    denied_name = models.CharField(max_length=64, blank=True)
    denied_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bond__in=[b.value for b in Bond]), name="bond_known"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="bond_of_two"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="bond_forward"),
            models.CheckConstraint(condition=~Q(agreed_by=F("declared_by")), name="bond_two_persons"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(denied_at__isnull=True), name="bond_decided_once"
            ),
            models.UniqueConstraint(
                fields=["bond", "one", "other"], condition=Q(until__isnull=True, denied_at__isnull=True),
                name="bond_declared_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.one} {self.bond} {self.other}"

    @property
    def parties(self) -> frozenset[str]:
        """Credit codes of the two."""
        return frozenset({self.one, self.other})
