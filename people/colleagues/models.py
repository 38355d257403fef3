"""Rows of a house's people. What was done with whom is written once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from people.colleagues.rules import INVITED_FOR_ROLES, What


class Administrator(models.Model):
    """Somebody who says who acts for his house (单位管理员)."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="administrator")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="administrators")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.user_id}"


class Invitation(models.Model):
    """A one-time link by which somebody comes into a house.  token_sha256: of the word in the link, which is not kept.

    by_user: whose it is to call back; a hand-over passes it on.  None: of the three a platform begins with.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=12)
    name = models.CharField(max_length=64)
    phone = models.CharField(max_length=11, blank=True)
    administers = models.BooleanField(default=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, related_name="invitation")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=INVITED_FOR_ROLES), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_ends_in_one_way"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation"], condition=Q(used_at=None, revoked_at=None), name="invitation_waiting"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Step(models.Model):
    """What was done with the people of a house: by whom, with whom. Never changed.

    person: public id of who did it, empty for the platform.  told: a role, a project's number, a reason.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=[(each.value, each.value) for each in What])
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    told = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=36, blank=True)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "at"], name="step_of_a_house")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.what}"
