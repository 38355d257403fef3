"""Rows of an evaluation. What hangs on a seat counts only while that seat is taken."""

from datetime import datetime

from django.db import models

from bidding.evaluation.rules import LIFE, Step
from rulebook.refusal import refuse_if


class Evaluation(models.Model):
    """How far inside DECIDING a project is, and the report it came to."""

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="evaluation")
    step = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Step])
    step_since = models.DateTimeField()
    qualified_at = models.DateTimeField()
    compliance = models.JSONField(default=dict)  # organisation → {"compliant", "reasons"}
    report = models.TextField(blank=True)  # JCS of report/1
    report_salt = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=[s.value for s in Step]), name="evaluation_step_known"),
        ]

    def __str__(self) -> str:
        return f"evaluation of {self.project_id}"

    def advance(self, to: Step, *, at: datetime) -> None:
        """Move along the life of an evaluation: the only writer of `step`."""
        refuse_if(LIFE.why_not(Step(self.step), to))
        self.step, self.step_since = to.value, at
        self.save(update_fields=["step", "step_since"])


class Qualification(models.Model):
    """The purchaser's findings on one bidder, written once."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="qualifications")
    org = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    passed = models.BooleanField()
    findings = models.JSONField()  # [{"key", "passed", "reason"}]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "org"], name="qualified_once")]

    def __str__(self) -> str:
        return f"{self.org} {self.passed}"


class Declaration(models.Model):
    """A member's word that he has no conflict with any of the bidders he was shown."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="declarations")
    seat = models.OneToOneField("experts.Seat", on_delete=models.PROTECT, related_name="declaration")
    orgs = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"declaration of seat {self.seat_id}"


class Review(models.Model):
    """A member's view on the compliance of every bid, handed in once."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="reviews")
    seat = models.OneToOneField("experts.Seat", on_delete=models.PROTECT, related_name="review")
    votes = models.JSONField()  # [{"org", "compliant", "grounds", "note"}]
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review of seat {self.seat_id}"


class ReviewDraft(models.Model):
    """A member's review while he writes it; of no weight, and nobody else's to read."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="review_drafts")
    seat = models.OneToOneField("experts.Seat", on_delete=models.PROTECT, related_name="review_draft")
    votes = models.JSONField()  # as in Review, incomplete
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review draft of seat {self.seat_id}"


class TalkNote(models.Model):
    """What the panel wrote down of its negotiation with one supplier. Written once, for panel and supervision alone."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="talk_notes")
    org = models.CharField(max_length=18)
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.org} {self.at}"


class TermsChange(models.Model):
    """A change of what is wanted, proposed by the panel in the negotiation and confirmed by the purchaser.

    told_to: the suppliers it was told to, all alike, when it was confirmed.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="terms_changes")
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    told_to = models.JSONField(default=list)

    @property
    def form_id(self) -> str:
        """The id of the form that confirms it."""
        return f"confirm-{self.pk}"

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.at}"


class Leaving(models.Model):
    """A supplier left the negotiation before the last quotes. Written once."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="leavings")
    org = models.CharField(max_length=18)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "org"], name="left_once")]

    def __str__(self) -> str:
        return self.org


class Sheet(models.Model):
    """A member's own score sheet: a draft until it is locked."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="sheets")
    seat = models.OneToOneField("experts.Seat", on_delete=models.PROTECT, related_name="sheet")
    scores = models.JSONField(default=dict)  # organisation → factor → points
    version = models.PositiveSmallIntegerField(default=0)  # how often it was locked
    saved_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    correcting = models.TextField(blank=True)  # why it was taken up again
    commitment = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"sheet of seat {self.seat_id}"


class SheetVersion(models.Model):
    """What a sheet said each time it was locked, with the salt of its commitment. Append-only."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    content = models.TextField()  # JCS of sheet/1
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    why = models.TextField(blank=True)  # of a correction
    locked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "version"], name="sheet_version_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.version}"


class Signature(models.Model):
    """A member's word under one round of the report: his dissent, why a sum of his lies far off, or that he refuses."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="signatures")
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)  # of the report: one more after each rollback
    dissent = models.TextField(blank=True)
    explanation = models.TextField(blank=True, default="")
    refused = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "round"], name="signed_once_a_round")]

    def __str__(self) -> str:
        return f"signature of seat {self.seat_id}"


class Rollback(models.Model):
    """An application to score again, and the supervision body's word on it.  state: the evaluation as it was.

    ground: of `rules.ROLLBACKS`.  approved: None while it waits.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="rollbacks")
    ground = models.CharField(max_length=16)
    reason = models.TextField()
    asked_by = models.CharField(max_length=36)
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    why = models.TextField(blank=True)
    decided_by = models.CharField(max_length=36, blank=True)
    decided_at = models.DateTimeField(null=True)
    state = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation"], condition=models.Q(approved=None), name="one_rollback_asked")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.ground}"

    @property
    def number(self) -> int:
        """Which application of this evaluation it is, from 1: by what the decision names it."""
        return self.evaluation.rollbacks.filter(pk__lte=self.pk).count()
