"""Enrolments, the list at the deadline, who was left on the day of choice, whom the buyer picked."""

from typing import ClassVar

from django.db import models


class Enrolment(models.Model):
    """A provider took part. Its own to see until the list may be known; never changed.

    version: of this provider in this purchase, 1 first; it may take back and enrol again.
    """

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="enrolments")
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=36)
    version = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    receipt = models.TextField()  # signed note

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "organisation", "version"], name="enrolled_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.organisation}"


class EnrolmentWithdrawal(models.Model):
    """It was taken back before the deadline; never changed."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="withdrawal")
    person = models.CharField(max_length=36)
    received_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    receipt = models.TextField()

    def __str__(self) -> str:
        return f"{self.enrolment_id}"


class EntrantList(models.Model):
    """Who was enrolled at the deadline, fixed once.

    listing: `ent/1`.  entry: of the closing, once the sealed log's checkpoint stands.  published: SHA-256 of the
    `entrants/1` everybody may read, empty while nobody may.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="entrants")
    digest = models.CharField(max_length=64)
    nonce = models.BinaryField()
    listing = models.TextField()
    fixed_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    published = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.project_id}"


class ChoicePool(models.Model):
    """Who was left on the day of choice, and who was out, with why; never changed.  content: of `PoolFrozen`."""

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="pool")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id}"


class ShortList(models.Model):
    """Whom lots have put before the buyer, in their order; never changed.  listed: [{"org", "name"}]."""

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="short_list")
    draw = models.CharField(max_length=120)
    listed = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id}"


class Pick(models.Model):
    """Whom the buyer picked, and why; never changed."""

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="pick")
    organisation = models.CharField(max_length=18)
    reason = models.TextField()
    person = models.CharField(max_length=36)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id} {self.organisation}"
