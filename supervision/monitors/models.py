"""Rows of the monitors: how far the log is read, one row per procurement watched, alerts with their steps."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from supervision.monitors.rules import Finding, Held, Light, Monitor, Step

FINDINGS = [finding.value for finding in Finding]
LIGHTS = [light.value for light in Light]


class Alert(models.Model):
    """One fact that somebody has to look into. It is raised once for each (kind, subject, fact).

    kind: code of the rule.  subject: what it is about, as `project/<number>`.  fact: which of its facts.
    what: a sentence.  law: the article, in words.  evidence: {"entries": [numbers in the subject's stream],
    "rows": [[label, value]], "link": path}.  owner: public id of a supervisor; empty while there is none.
    due_at: until when the owner says what was found.  late: how often that passed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=120)
    fact = models.CharField(max_length=120)
    monitor = models.CharField(max_length=8)
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, null=True, related_name="alerts")
    light = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=500)
    law = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    owner = models.CharField(max_length=36, blank=True)
    owner_name = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    late = models.PositiveSmallIntegerField(default=0)
    finding = models.CharField(max_length=10, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject", "fact"], name="alert_once_a_fact"),
            models.CheckConstraint(condition=Q(monitor__in=[each.value for each in Monitor]), name="alert_monitor"),
            models.CheckConstraint(condition=Q(light__in=LIGHTS) & Q(light__gt=0), name="alert_light"),
            models.CheckConstraint(
                condition=Q(closed_at=None, finding="") | Q(closed_at__isnull=False, finding__in=FINDINGS),
                name="alert_closed_with_a_finding",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="alert_open_due"),
            models.Index(fields=["owner", "due_at"], condition=Q(closed_at=None), name="alert_open_owner"),
            models.Index(fields=["project", "id"], name="alert_of_project"),
            models.Index(fields=["kind", "finding"], name="alert_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def held(self) -> Held:
        """As the rules see it."""
        return Held(self.owner, self.closed_at is not None, self.late > 0)

    @property
    def played(self) -> bool:
        """It is about a rehearsal."""
        return self.project is not None and not self.project.procedure.for_real


class AlertStep(models.Model):
    """One thing that happened to an alert; never changed.  by: public id, empty for the platform."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    light = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=36, blank=True)
    by_name = models.CharField(max_length=64)
    owner_name = models.CharField(max_length=64, blank=True)
    finding = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=[each.value for each in Step]), name="alert_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.step}"


class Turn(models.Model):
    """When it last was a supervisor's turn to own an alert."""

    person = models.CharField(max_length=36, unique=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.person} {self.last}"


class Cursor(models.Model):
    """How far the public log is read: the place of the next entry."""

    log = models.CharField(max_length=6, unique=True)
    next = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.log} {self.next}"


class Watched(models.Model):
    """One published procurement under the monitors' eye.

    seq: the newest entry of its stream that was looked at.  state: of `watching.State`.  look_at: when to look again,
    None while nothing can come due.  light: the worst of its clocks and open alerts.  next_at: its next deadline,
    with `next_what`; regime, buyer: of the project, to filter by.  running: something can still come.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="watched")
    seq = models.PositiveBigIntegerField(default=0)
    state = models.JSONField(default=dict)
    look_at = models.DateTimeField(null=True)
    light = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    next_what = models.CharField(max_length=30, blank=True)
    regime = models.CharField(max_length=2)
    buyer = models.CharField(max_length=18)
    running = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(light__in=LIGHTS), name="watched_light")]
        indexes: ClassVar = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="watched_to_look_at"),
            models.Index(fields=["-light", "next_at", "id"], condition=Q(running=True), name="watched_running"),
            models.Index(fields=["buyer", "-light", "next_at"], condition=Q(running=True), name="watched_of_buyer"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.seq}"


class Tally(models.Model):
    """How often something happened in a year, so that a share needs no counting: once an event, never back.

    what: of `facts.Count`.  key: whom it is about.  year: in China.
    """

    what = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["what", "key", "year"], name="one_tally_a_year")]

    def __str__(self) -> str:
        return f"{self.what} {self.key} {self.year}"
