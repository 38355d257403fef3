"""Rows of who keeps a copy of a house's key."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Custodian(models.Model):
    """Somebody who keeps a copy of the identity key.  challenge: what he is to sign, 32 bytes in hex; used once."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="custodians")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    challenge = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="a_custodian_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation"], condition=Q(ended_at=None), name="custodian_now")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.user_id}"


class Drill(models.Model):
    """A custodian opened his copy and signed the challenge: the statement (`drill/1`). Never changed."""

    custodian = models.ForeignKey(Custodian, on_delete=models.PROTECT, related_name="drills")
    gen = models.PositiveIntegerField()
    statement = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["custodian", "gen"], name="a_drill_once_a_generation"),
        ]

    def __str__(self) -> str:
        return f"{self.custodian_id} {self.gen}"
