"""Table of identities elsewhere that lead to an account here."""

import uuid
from typing import ClassVar

from django.db import models


class OutsideIdentity(models.Model):
    """A person at an identity provider, linked to an account after that account's own sign-in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="outside_identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_an_identity"),
            models.UniqueConstraint(fields=["user", "issuer"], name="one_identity_a_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.subject}"
