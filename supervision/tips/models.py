"""Tables of protected tips: ciphertext, days, and what the bodies did. No row says who told, from where, or when a day.

Keys are random, so that no number tells an order; nothing but a body's standing is ever changed.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from supervision.tips.rules import Outcome, What


class TipRecipient(models.Model):
    """A body's reading key of one generation.  left_at: no new tips are sealed to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    gen = models.PositiveIntegerField()
    key = models.CharField(max_length=43)  # 32 bytes, base64url
    statement = models.JSONField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "gen"], name="one_reading_key_a_generation"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(left_at__isnull=True), name="one_standing_recipient_a_body"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.gen}"


class TipThread(models.Model):
    """A tip and all that follows it.  thread: what its code leads to, in hex, which does not lead back.

    first, second: the two bodies, by code; who is first says nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.CharField(max_length=64, unique=True)
    first = models.ForeignKey(TipRecipient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(TipRecipient, on_delete=models.PROTECT, related_name="+")
    first_body = models.CharField(max_length=18)
    second_body = models.CharField(max_length=18)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first_body__lt=F("second_body")), name="tip_to_two_bodies"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["first_body", "day"], name="tips_of_first"),
            models.Index(fields=["second_body", "day"], name="tips_of_second"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def bodies(self) -> tuple[str, str]:
        return self.first_body, self.second_body


class TipMessage(models.Model):
    """One sealed message.  side: a body's code, empty for the tipster.  digest: of it in its place.

    place, nonce: its leaf in the tree of its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    held = models.ForeignKey(TipThread, on_delete=models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    side = models.CharField(max_length=18, blank=True)
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    place = models.PositiveIntegerField()
    nonce = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held", "seq"], name="one_tip_message_a_number"),
            models.UniqueConstraint(fields=["day", "place"], name="one_tip_message_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.held_id} {self.seq}"


class TipAct(models.Model):
    """What a person of a body did about a tip.  seq: the last message then.  outcome: where it closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    held = models.ForeignKey(TipThread, on_delete=models.PROTECT, related_name="acts")
    body = models.CharField(max_length=18)
    what = models.CharField(max_length=12)
    outcome = models.CharField(max_length=10, blank=True)
    seq = models.PositiveIntegerField()
    person = models.CharField(max_length=36)
    name = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=[each.value for each in What]), name="tip_act_known"),
            models.CheckConstraint(
                condition=Q(what=What.CLOSED.value, outcome__in=[each.value for each in Outcome])
                | ~Q(what=What.CLOSED.value) & Q(outcome=""),
                name="tip_closed_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["held", "body", "what"], condition=~Q(what=What.OPENED.value), name="tip_act_once_a_body"
            ),
            models.UniqueConstraint(fields=["held", "body", "what", "person", "seq"], name="tip_opened_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.held_id} {self.body} {self.what}"


class TipDay(models.Model):
    """The tree of one day, made again from its secret and its messages.  secret, root: hex."""

    day = models.DateField(primary_key=True)
    secret = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.day)
