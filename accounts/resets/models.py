"""Table of access that two persons restore."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class AccessReset(models.Model):
    """Somebody has lost what he signs in with: one person asks, another confirms, a code takes its place once.

    lost: what the code stands for, the second factor or the password; the other is still asked for.
    code: its keyed digest, known from the confirmation on.  used_at: of the code; from then on it is worth nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="resets")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    lost = models.CharField(max_length=10)
    with_platform = models.BooleanField(default=False)  # too few colleagues when it was asked: operators take part
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    identity = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirm_reason = models.CharField(max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")) & (Q(confirmed_by=None) | ~Q(confirmed_by=F("user"))),
                name="nobody_resets_himself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="a_reset_takes_two"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at=None, dropped_at=None), name="one_reset_asked_a_person"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-asked_at"], name="reset_newest")]

    def __str__(self) -> str:
        return str(self.public_id)
