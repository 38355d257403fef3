"""Proposal: the report as the buyer received it. Award: one determination."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from market.awards.rules import Candidate, candidates
from proofs import canonical


class Proposal(models.Model):
    """The signed report as the buyer received it; nobody else's to see before the award notice.

    report: its canonical JSON.  salt: opens the commitment that was logged to it.  order: organisations in turn.
    experts: [{"name", "employer", "cid", "number", "salt"}] where the house knows them before the award; published
    with it.  Whom the notifier keeps secret is not here.
    sheets: [{"seat", "version", "scores", "salt"}] of every locking, published with the award.
    superseded_at: when the panel was told to judge again; it stays readable, and nothing is determined by it.
    """

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="proposals")
    report = models.TextField()
    salt = models.CharField(max_length=64)
    order = models.JSONField()
    experts = models.JSONField()
    sheets = models.JSONField(default=list)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delay_reason = models.TextField(blank=True)
    publicity = models.OneToOneField("market.Notice", on_delete=models.PROTECT, null=True, related_name="+")
    publicity_ends_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], condition=Q(superseded_at=None), name="one_standing_proposal"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.received_at}"

    @property
    def number(self) -> int:
        """Which report of this purchase it is, from 1: by what its confirmation names it."""
        return self.project.proposals.filter(pk__lte=self.pk).count()

    @property
    def content(self) -> dict[str, Any]:
        return canonical.parse_object(self.report.encode())

    @property
    def ranked(self) -> tuple[Candidate, ...]:
        """The candidates in turn."""
        return candidates(self.content, self.order)


class ReportConfirmation(models.Model):
    """The buyer's word that it has read and takes the report an agent had made. Append-only."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="confirmation")
    by = models.CharField(max_length=36)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.at}"


class Determination(models.Model):
    """A winner determined whose notice waits until the notifier has let the names of the panel go.

    closed_at: when it was announced, or was found to be lawful no more.
    """

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="determinations")
    organisation = models.CharField(max_length=18)
    person = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], condition=Q(closed_at=None), name="one_open_determination"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.at}"


class ResultObjection(models.Model):
    """A bidder's objection (异议) while the candidates are published. Who it was is the buyer's to know alone.

    due_at: until when it is to be answered; nobody is determined before.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="result_objections")
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=36)
    text = models.TextField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=36, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) &
                                   ~Q(answer=""), name="result_objection_answered_with_words"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.public_id)


class Award(models.Model):
    """A winner determined.  amount: yuan, the quote as it was read out.  accepted_at: where the winner is asked."""

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="awards")
    notice = models.OneToOneField("market.Notice", on_delete=models.PROTECT, related_name="award")
    rank = models.PositiveIntegerField()
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    determined_by = models.CharField(max_length=36, blank=True)
    determined_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], condition=Q(declined_at=None), name="one_standing_award"),
            models.UniqueConstraint(fields=["project", "organisation"], name="awarded_once_each"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="award_above_zero"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_id} {self.name}"


class Letter(models.Model):
    """The award letter of an award.  paper: as it was issued; None while it waits to be signed, then never another."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="letter")
    paper = models.OneToOneField("documents.Issued", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["award"], condition=Q(paper=None), name="letters_to_issue")]

    def __str__(self) -> str:
        return str(self.award_id)
