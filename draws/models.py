"""Rows of a draw: the draw, and what its contributors said."""

from datetime import datetime, timedelta

from django.db import models

from draws.rules import LIFE, OVER, Phase, Windows
from rulebook.refusal import refuse_if


class Draw(models.Model):
    """One ceremony. Its id names project, purpose and count and is never used twice."""

    id = models.CharField(primary_key=True, max_length=120)
    project_number = models.CharField(max_length=60, db_index=True)
    purpose = models.CharField(max_length=20)
    count = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    stream = models.CharField(max_length=80)
    t = models.PositiveSmallIntegerField()
    max_per_org = models.PositiveSmallIntegerField()
    contributors = models.JSONField()  # [{"i", "org", "name"}]
    strata = models.JSONField()  # [{"key", "need", "standby", "name"}]
    pool = models.JSONField()  # masked, sorted by cid
    pool_sha256 = models.CharField(max_length=64)
    openings = models.JSONField()  # who is behind each mask, where the notifier does not know it
    windows = models.JSONField()
    spec = models.JSONField(null=True)
    sid = models.CharField(max_length=64, blank=True)
    phase = models.CharField(max_length=12, choices=[(p.value, p.value) for p in Phase])
    phase_since = models.DateTimeField()
    gate_seq = models.PositiveBigIntegerField(null=True)  # the entry that must be witnessed before the phase goes on
    dealers = models.JSONField(default=list)
    seed = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    void_reason = models.TextField(blank=True)
    announced_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project_number", "purpose", "count"], name="draw_counted_once"),
            models.CheckConstraint(
                condition=models.Q(phase__in=[p.value for p in Phase]), name="draw_phase_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(phase=Phase.SETTLED) | models.Q(result__isnull=False), name="draw_settled_result"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.id

    @property
    def over(self) -> bool:
        """Nothing more will be said in this draw."""
        return Phase(self.phase) in OVER

    @property
    def ends_at(self) -> datetime | None:
        """When the present phase stops waiting; None where it waits for ever."""
        if self.over or (seconds := Windows(**self.windows).seconds(Phase(self.phase))) is None:
            return None
        return self.phase_since + timedelta(seconds=seconds)

    def advance(self, to: Phase, *, at: datetime) -> None:
        """Move along the life of a draw: the only writer of `phase`."""
        refuse_if(LIFE.why_not(Phase(self.phase), to))
        self.phase, self.phase_since, self.gate_seq = to.value, at, None
        if to in OVER:
            self.ended_at = at
        self.save(update_fields=["phase", "phase_since", "gate_seq", "ended_at"])


class DrawMessage(models.Model):
    """One signed statement of a contributor (or, for pool/1, of the supervision body), as it came. Append-only."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10)
    j = models.PositiveSmallIntegerField()  # 0 for the supervision body
    dealer = models.PositiveSmallIntegerField(default=0)  # whose share a slot key opens
    statement = models.JSONField()
    payload = models.TextField(blank=True)  # slot keys (dk/1) or the deal (dd/1), exactly as sent
    during = models.CharField(max_length=12)
    seq = models.PositiveBigIntegerField()  # its entry in the stream
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "kind", "j", "dealer"], name="draw_message_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.kind} {self.j}"
