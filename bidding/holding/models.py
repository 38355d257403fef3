"""Tables of the standing roster."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bidding.holding.rules import Duty


class StandingHolder(models.Model):
    """An organisation that keeps opening keys for whoever asks.  left_at: it no longer does.

    unattended: a service of its own makes keys and releases them, with nobody there.
    """

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    unattended = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.organisation_id)


class Keeper(models.Model):
    """A person's duty for his holder.  away: a deputy acts in his place."""

    Duty = Duty
    person = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    duty = models.CharField(max_length=8)
    away = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(duty__in=[each.value for each in Duty]), name="keeper_duty_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation"], name="keeper_of_holder")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.duty}"


class RosterChange(models.Model):
    """One line of a holder's history; never changed.  person: whose duty, empty for the organisation's own standing.

    what: entered, left, member, deputy, none, away, back, alone, manned.
    """

    organisation = models.CharField(max_length=18)
    what = models.CharField(max_length=8)
    person = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "id"], name="roster_history")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.what}"


class KeptSlots(models.Model):
    """Slot keys a holder made ahead for one part of a reserved number; never changed.

    keys: base64url of slots × 32 bytes.  statement: the signed `slots/1` over them.
    """

    number = models.CharField(max_length=32)
    part = models.CharField(max_length=8)
    organisation = models.CharField(max_length=18)
    slots = models.PositiveIntegerField()
    keys = models.TextField()
    statement = models.JSONField()
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "part", "organisation"], name="slots_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.part} {self.organisation}"
