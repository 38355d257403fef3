"""First steps and complaints: who said what stays as it was; what follows is rows of its own."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from market.complaints.rules import BY_KEY, OPEN, About, Prior, Route, State


class Challenge(models.Model):
    """A supplier's question or objection in form (质疑、异议) to the buyer, which must come before a complaint.

    points: each by itself; a complaint may not go beyond them.  known_at: when the supplier came to know.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=12)
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=36)
    points = models.JSONField()
    known_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=36, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def prior(self) -> Prior:
        """As the step before a complaint."""
        return Prior(self.organisation, tuple(self.points), self.raised_at, self.due_at, self.answered_at)


class Complaint(models.Model):
    """What was filed; final. Its state and clocks are the service's to write.

    route: a key of `rules.ROUTES`.  after: public id of the first step.  subject: who is complained of, where no
    purchase is named; other: its credit code.  body: credit code of the competent body.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, null=True, related_name="+")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.CharField(max_length=36, blank=True)
    route = models.CharField(max_length=16)
    about = models.CharField(max_length=12)
    subject = models.CharField(max_length=200, blank=True)
    other = models.CharField(max_length=18, blank=True)
    organisation = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=36, blank=True)
    points = models.JSONField()
    request = models.TextField()
    interest = models.TextField()
    body = models.CharField(max_length=18)
    filed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.FILED.value)
    check_by = models.DateTimeField()
    supplement_by = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in State]), name="complaint_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "ended_at"], name="complaint_of"),
            models.Index(fields=["body", "state"], name="complaint_before"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def row(self) -> Route:
        return BY_KEY[self.route]

    @property
    def is_open(self) -> bool:
        return State(self.state) in OPEN

    @property
    def kind(self) -> About:
        return About(self.about)

    @property
    def next_due(self) -> datetime | None:
        """The clock that runs now."""
        return {
            State.FILED: self.check_by, State.INCOMPLETE: self.supplement_by, State.ACCEPTED: self.decide_by
        }.get(State(self.state))  # fmt: skip

    def get_absolute_url(self) -> str:
        return f"/complaints/{self.public_id}/"


class ComplaintStep(models.Model):
    """One thing said or done about a complaint; never changed.  what: defects, supplement, accepted, refused, reply,
    withdrawn, decided.  points: what is missing, all at once.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    points = models.JSONField(default=list)
    person = models.CharField(max_length=36, blank=True)
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["complaint", "what"], condition=Q(what__in=["defects", "reply", "decided"]),
                name="complaint_step_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.what}"


class Decision(models.Model):
    """A decision that is announced.  text: canonical JSON; it names no complainant."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="decision")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.public_id)
