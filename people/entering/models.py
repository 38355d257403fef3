"""Rows of houses that come in."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from people.entering.rules import State


class Agreement(models.Model):
    """A person signed the agreement on electronic signatures for his house. Never changed.

    edition, sha256: of the text as it stood.  promise: sha256 of what was promised with it, empty where nothing was.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="agreements")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    promise = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "edition"], name="an_edition_agreed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.edition}"


class Applicant(models.Model):
    """Whose telephone is confirmed and who is not in: his document is looked at, or somebody else has the code.

    public_id: of his sign-up; whoever has the address has this page and no more.  password: as it is kept, until he is
    in or refused.  text: what he objects.  finding: what was found.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in State])
    code = models.CharField(max_length=18)
    firm = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=30)
    phone = models.CharField(max_length=11)
    password = models.CharField(max_length=128, blank=True)
    promise = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    finding = models.TextField(blank=True)
    came_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True)
    found_by = models.CharField(max_length=36, blank=True)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in State]), name="applicant_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "came_at"], name="applicant_waits")]

    def __str__(self) -> str:
        return str(self.public_id)

    def become(self, state: State) -> None:
        """The one writer of the state."""
        self.state = state.value
        self.save(update_fields=["state"])
