"""Tables of the regions served, and of what two people did to them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts.regions.rules import Act


class Region(models.Model):
    """A division of GB/T 2260 this installation serves.  code: its digits without empty places; the parent by digits.

    body: who supervises procurement there; phone: of that body, for everybody to read.
    """

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    name_mn = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    body = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=32, blank=True)
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def called(self) -> str:
        """Its name in the reader's language, the Chinese one where there is no other."""
        own = {"mn": self.name_mn, "en": self.name_en}.get((get_language() or "")[:2], "")
        return own or self.name

    @property
    def digits(self) -> str:
        """Its six digits, as addresses say them."""
        return self.code.ljust(6, "0")


class RegionAct(models.Model):
    """What one of the three offices proposed and another confirmed; the record of it stays.

    told: what was proposed, as `services` reads it.  user: whose office it is about.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.CharField(max_length=8)
    code = models.CharField(max_length=6, blank=True)
    told = models.JSONField(default=dict)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_role = models.CharField(max_length=12)
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_role = models.CharField(max_length=12, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(act__in=[each.value for each in Act]), name="region_act_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_role=F("proposed_role"))),
                name="region_act_by_two_offices",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(dropped_at=None), name="region_act_confirmed_or_dropped"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["proposed_at"], condition=Q(confirmed_at=None, dropped_at=None), name="region_act_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.code}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.dropped_at is None
