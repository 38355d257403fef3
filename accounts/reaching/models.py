"""Tables of reaching people: confirmed ways, choices, one row for each message on each channel, gateways, calendars."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts import sealing
from accounts.reaching.rules import LIFE, Channel, State, Way, masked
from accounts.reaching.words import CHANNEL_WORDS, STATE_WORDS, WAY_WORDS
from rulebook.refusal import refuse_if


class Contact(models.Model):
    """An address of a person, sealed under the row's id.

    proof_hash: of what was sent there, empty once it came back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="contacts")
    way = models.CharField(max_length=8)
    sealed = models.TextField()
    proof_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(way__in=[way.value for way in Way]), name="contact_way_known"),
            models.UniqueConstraint(
                fields=["user", "way"], condition=Q(confirmed_at__isnull=False), name="one_contact_a_way"
            ),
            models.UniqueConstraint(
                fields=["user", "way"], condition=Q(confirmed_at__isnull=True), name="one_contact_waits_a_way"
            ),
            models.UniqueConstraint(fields=["proof_hash"], condition=~Q(proof_hash=""), name="contact_proof_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.way}"

    @property
    def sealed_as(self) -> str:
        return f"contact {self.id}"

    @property
    def address(self) -> str:
        return sealing.unseal(self.sealed, about=self.sealed_as)["address"]

    @property
    def masked(self) -> str:
        """What its own person reads of it; kept nowhere, for half an address names a person too."""
        address = self.address
        return masked(Way(self.way), address) if address else ""

    @property
    def way_words(self) -> str:
        return str(WAY_WORDS[Way(self.way)])

    def keep(self, address: str) -> None:
        """Seal an address into this row."""
        self.sealed = sealing.seal({"address": address}, about=self.sealed_as)


class Choices(models.Model):
    """What somebody chose.  topics: channel → topics, as usual where it is not there.  Quiet hours: Beijing time."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="choices")
    topics = models.JSONField(default=dict)
    quiet_begins = models.TimeField(null=True)
    quiet_ends = models.TimeField(null=True)

    def __str__(self) -> str:
        return str(self.user_id)


class Sending(models.Model):
    """One message to one person by one channel.  reference: the same on every try, and in no order.

    due_at: when it is tried next.  told_at: when its state became what it is.
    """

    delivery = models.ForeignKey("accounts.Delivery", on_delete=models.PROTECT, related_name="sendings")
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=State.QUEUED.value)
    reference = models.CharField(max_length=40, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField()
    fault = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "channel"], name="a_delivery_once_a_channel"),
            models.CheckConstraint(condition=Q(channel__in=[each.value for each in Channel]), name="sending_channel"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in State]), name="sending_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "due_at"], condition=Q(state=State.QUEUED.value), name="sending_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def channel_words(self) -> str:
        return str(CHANNEL_WORDS[Channel(self.channel)])

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[State(self.state)])

    def advance(self, to: State, *, at: datetime, fault: str = "") -> None:
        """Move to another state. Refused when it does not follow on this one."""
        refuse_if(LIFE.why_not(State(self.state), to))
        self.state, self.told_at, self.fault = to.value, at, fault[:100]
        self.save(update_fields=["state", "told_at", "fault"])


class Gateway(models.Model):
    """A channel whose gateway does not answer: everything on it rests until then. No row: it answers.

    fault: the kind of error. No number of messages: that would tell how many people were told something.
    """

    channel = models.CharField(max_length=8, primary_key=True)
    failing_since = models.DateTimeField()
    failures = models.PositiveIntegerField(default=1)
    rests_until = models.DateTimeField()
    fault = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.channel

    @property
    def channel_words(self) -> str:
        return str(CHANNEL_WORDS[Channel(self.channel)])


class CalendarKey(models.Model):
    """The word in the address of somebody's calendar, as its hash.  names: whether its entries name the purchases."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="calendar_keys")
    key_hash = models.CharField(max_length=64, unique=True)
    names = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_calendar_key_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
