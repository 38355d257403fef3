"""Rows of a contract's performance."""

import secrets
import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intermediaries.ratings.rules import Side
from market.performance.rules import Line, Outcome
from rulebook.calendar import day_in_china

SIDES = [side.value for side in Side]


def attachment_path(attachment: "Attachment", name: str) -> str:
    """Where a file of the two sides lies: under a random name, away from what is public."""
    return f"performance/{secrets.token_hex(16)}"


class Plan(models.Model):
    """The milestones of a contract as both sides agreed on them.  amount: yuan, of all of them.

    version: 1 as signed, later ones are changes of the contract, each with its reason.  side: who put it forward.
    agreed: None while it waits, then what the other side said.
    """

    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    reason = models.CharField(max_length=1000, blank=True)
    side = models.CharField(max_length=8)
    proposed_by = models.CharField(max_length=36)
    proposed_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    settled_by = models.CharField(max_length=36, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "version"], name="plan_numbered_once"),
            models.UniqueConstraint(fields=["contract"], condition=Q(settled_at=None), name="one_plan_waiting"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="plan_side_known"),
            models.CheckConstraint(
                condition=Q(agreed=None, settled_at=None) | Q(agreed__isnull=False, settled_at__isnull=False),
                name="plan_settled_with_a_word",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.version}"


class Milestone(models.Model):
    """One line of a plan; never changed. Its number stays the same in later versions."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=300)
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=17, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="milestone_numbered_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="milestone_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

    @property
    def line(self) -> Line:
        """As rules see it."""
        return Line(self.number, self.what, self.due_on, self.amount)


class Delivery(models.Model):
    """The provider handed over a milestone; never changed. Its files are the two sides' alone.

    sha256: of the canonical list of note and files with a salt, as the log has it: the log gives nothing away.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="deliveries")
    milestone = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    salt = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    delivered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "milestone", "attempt"], name="delivered_once_an_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.milestone}/{self.attempt}"

    @property
    def delivered_on(self) -> date:
        """The day in China."""
        return day_in_china(self.delivered_at)


class Inspection(models.Model):
    """What the buyer makes of a delivery; never changed."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="inspection")
    accepted = models.BooleanField()
    reasons = models.TextField(blank=True)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(reasons=""), name="returned_with_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.accepted}"


class Termination(models.Model):
    """A side gives notice that it ends the contract.  due_at: until when the other side answers.

    agrees: what it said; None while it said nothing.  outcome: of `rules.Outcome`, empty while it has none.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="terminations")
    side = models.CharField(max_length=8)
    grounds = models.CharField(max_length=2000)
    noticed_by = models.CharField(max_length=36)
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    agrees = models.BooleanField(null=True)
    reply = models.CharField(max_length=2000, blank=True)
    replied_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    decision = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract"], condition=Q(ended_at=None), name="one_notice_waiting"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="termination_side_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=[each.value for each in Outcome]), name="termination_outcome_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="termination_waiting")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.side}"


class Attachment(models.Model):
    """A file one side gave the other: part of a delivery, or evidence; never changed, and never public."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="files")
    termination = models.ForeignKey(Termination, on_delete=models.PROTECT, null=True, related_name="files")
    side = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(delivery=None, termination__isnull=False) | Q(delivery__isnull=False, termination=None),
                name="attached_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invoice(models.Model):
    """An invoice as the provider noted it; never changed. No money moves here.  number: the two sides' alone."""

    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    issued_on = models.DateField()
    by_name = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="invoiced_once_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.amount}"


class Payment(models.Model):
    """A payment as the buyer noted it; never changed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey("market.Contract", on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    paid_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True)
    by_name = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_zero")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.amount}"


class PaymentAnswer(models.Model):
    """Whether a payment arrived, as the provider says; never changed."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="answer")
    received = models.BooleanField()
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received=True) | ~Q(text=""), name="payment_disputed_with_words"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.received}"
