"""Tables of who is signed in where: sessions, and the browsers a person has signed in with."""

import uuid
from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class BrowserSession(AbstractBaseSession):
    """A session as Django keeps it, with what its owner is shown of it. Deleted is signed out, at once and everywhere.

    Written by the session engine alone (`config.sessions`), from what the session itself says.
    public_id: the same under every key the session has had.  user: empty for who has not signed in.
    seen_at: coarse, by `rules.SEEN_EVERY`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)


class Device(models.Model):
    """A browser a person has signed in with. mark: the digest of what its cookie says."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="devices")
    mark = models.CharField(max_length=64)
    words = models.CharField(max_length=60, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "mark"], name="a_device_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.words}"
