"""Rows of what a panel does beside its sheets: sign in, elect, raise matters and vote on them."""

from django.db import models

from bidding.evaluation import matters


class SignIn(models.Model):
    """A member is there and has promised secrecy. Written once."""

    evaluation = models.ForeignKey("bidding.Evaluation", on_delete=models.PROTECT, related_name="sign_ins")
    seat = models.OneToOneField("experts.Seat", on_delete=models.PROTECT, related_name="sign_in")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sign-in of seat {self.seat_id}"


class LeaderVote(models.Model):
    """One member's vote for a leader in one round. Written once."""

    evaluation = models.ForeignKey("bidding.Evaluation", on_delete=models.PROTECT, related_name="leader_votes")
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "round"], name="voted_for_a_leader_once_a_round")]

    def __str__(self) -> str:
        return f"{self.seat_id} for {self.choice_id}"


class PanelMatter(models.Model):
    """A matter a member raised.  facts: of its kind.  due_at: of the bidder's time.  closed_at: nothing can follow."""

    evaluation = models.ForeignKey("bidding.Evaluation", on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=10)
    org = models.CharField(max_length=18, blank=True)
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    carried = models.BooleanField(null=True)
    due_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.org}"

    @property
    def raised(self) -> matters.Raised:
        """As the rules see it."""
        return matters.Raised(
            matters.Matter(self.kind), self.org, self.facts, self.carried, self.due_at, self.answered_at is not None,
            self.agreed, self.upheld, self.closed_at is not None,
        )  # fmt: skip


class MatterVote(models.Model):
    """One member's vote on a matter, on asking or on judging the answer. Written once."""

    matter = models.ForeignKey(PanelMatter, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=5)
    yes = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seat", "stage"], name="voted_on_a_matter_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} on {self.matter_id}"


class Recording(models.Model):
    """Sound or pictures recorded elsewhere.  what: of `recordings.WHAT`.  size: bytes.  Written once."""

    evaluation = models.ForeignKey("bidding.Evaluation", on_delete=models.PROTECT, related_name="recordings")
    what = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kept_at = models.CharField(max_length=200)
    by = models.CharField(max_length=18)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "sha256"], name="recorded_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.sha256}"


class Appraisal(models.Model):
    """What a member says of the organiser (by_member), or the buyer's officer of a member. Written once.

    marks: item ↦ 1–5.
    """

    evaluation = models.ForeignKey("bidding.Evaluation", on_delete=models.PROTECT, related_name="appraisals")
    seat = models.ForeignKey("experts.Seat", on_delete=models.PROTECT, related_name="+")
    by_member = models.BooleanField()
    marks = models.JSONField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "by_member"], name="appraised_once")]

    def __str__(self) -> str:
        return f"appraisal of seat {self.seat_id}"
