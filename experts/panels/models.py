"""Rows of a panel."""

import uuid
from datetime import datetime

from django.db import models

from experts.panels.eligibility import TieKind
from experts.panels.rules import PANEL_LIFE, SEAT_LIFE, PanelState, SeatState
from experts.panels.selecting import GROUNDS
from experts.panels.ways import CALL_LIFE, CallState, Channel
from experts.registry.models import Expert
from rulebook.refusal import refuse_if


class Panel(models.Model):
    """The people who judge one project."""

    project_number = models.CharField(max_length=60, unique=True)
    stream = models.CharField(max_length=80)
    size = models.PositiveSmallIntegerField()
    strata = models.JSONField()  # [{"key", "need"}]
    owners = models.PositiveSmallIntegerField(default=0)  # seats of the owner's representatives, which nobody draws
    max_per_org = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=100, blank=True)  # all that an invitation says, with the time
    starts_at = models.DateTimeField(null=True)
    answer_seconds = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PanelState])
    draw_id = models.CharField(max_length=120)  # the latest
    region = models.CharField(max_length=60, blank=True)  # drawn from first; empty: from every region alike
    early = models.BooleanField(default=False)  # the latest draw was asked for before the opening
    called_at = models.DateTimeField()
    seated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in PanelState]), name="panel_state_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"panel of {self.project_number}"

    def advance(self, to: PanelState) -> None:
        """Move along the life of a panel: the only writer of `state`."""
        refuse_if(PANEL_LIFE.why_not(PanelState(self.state), to))
        self.state = to.value
        self.save(update_fields=["state"])


class Seat(models.Model):
    """One place in the drawn order, and what became of it. Who it is, the notifier knows: see `held_by`.

    expert, salt: empty until the names are published; a seat made before the notifier was has them from the start.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    draw_id = models.CharField(max_length=120, blank=True)  # empty: named, not drawn
    stratum = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()  # as drawn, a further draw's after the earlier one's
    cid = models.CharField(max_length=64)
    salt = models.CharField(max_length=64, blank=True)
    selected = models.BooleanField(default=False)  # picked by the buyer, not drawn; the notice says so
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, null=True, related_name="seats")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SeatState])
    seat_no = models.PositiveSmallIntegerField(null=True)  # drawn anew at the seating, so that it tells no order
    invited_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "expert"], name="expert_drawn_once_for_a_panel"),
            models.UniqueConstraint(fields=["panel", "cid"], name="cid_once_in_a_panel"),
            models.UniqueConstraint(fields=["panel", "order"], name="seat_order_once"),
            models.UniqueConstraint(
                fields=["panel", "seat_no"], condition=models.Q(state=SeatState.SEATED), name="seat_number_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in SeatState]), name="seat_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=SeatState.SEATED) | models.Q(seat_no__isnull=False), name="seated_has_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stratum} {self.order}"

    def advance(self, to: SeatState, *, at: datetime) -> None:
        """Move along the life of a seat: the only writer of `state`."""
        refuse_if(SEAT_LIFE.why_not(SeatState(self.state), to))
        self.state = to.value
        if to is SeatState.INVITED:
            self.invited_at = at
        elif to in (SeatState.ACCEPTED, SeatState.DECLINED):
            self.answered_at = at
        self.save(update_fields=["state", "invited_at", "answered_at"])


class Call(models.Model):
    """One invitation on one way, and how far it is. It is no public fact: its times would tell who answers how."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="calls")
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CallState])
    reference = models.CharField(max_length=40, unique=True)  # what a gateway knows it by
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when the state became what it is
    fault = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "channel"], name="called_once_on_each_way"),
            models.CheckConstraint(condition=models.Q(channel__in=[c.value for c in Channel]), name="call_way_known"),
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in CallState]), name="call_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="call_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    def advance(self, to: CallState, *, at: datetime) -> None:
        """Move along the life of a call: the only writer of `state`."""
        refuse_if(CALL_LIFE.why_not(CallState(self.state), to))
        self.state, self.told_at = to.value, at
        self.save(update_fields=["state", "told_at"])


class ExternalDraw(models.Model):
    """A panel drawn elsewhere: by whom, under which number, with which evidence. The file is for the supervision."""

    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="external")
    source = models.CharField(max_length=120)
    reference = models.CharField(max_length=120)
    evidence = models.BinaryField()  # sealed under the register's key: it may name everybody
    sha256 = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=36)
    imported_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=36, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("imported_by")), name="external_draw_two_persons"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"


class EvidenceLook(models.Model):
    """Somebody took the evidence of a panel drawn elsewhere, which may name it. Append-only."""

    draw = models.ForeignKey(ExternalDraw, on_delete=models.PROTECT, related_name="looks")
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by_name} {self.at}"


class Selection(models.Model):
    """Experts the buyer proposes to pick itself, and what the supervision body said of it.

    members: sealed, and forgotten with the decision; then only the notifier knows them.
    """

    project_number = models.CharField(max_length=60, db_index=True)
    stream = models.CharField(max_length=80)
    ground = models.CharField(max_length=10, choices=[(g, g) for g in GROUNDS])
    reason = models.TextField()
    law = models.CharField(max_length=80)
    strata = models.JSONField()  # [{"key", "need", "had"}]
    members = models.BinaryField()  # sealed under the register's key: [[specialty, number]]
    evidence = models.BinaryField()  # sealed likewise
    sha256 = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=36)
    proposed_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    why = models.TextField(blank=True)
    decided_by = models.CharField(max_length=36, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project_number"], condition=models.Q(decided_at__isnull=True), name="one_selection_waits"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="selection_two_persons"
            ),
            models.CheckConstraint(condition=models.Q(ground__in=list(GROUNDS)), name="selection_ground_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"selection for {self.project_number}"

    @property
    def number(self) -> int:
        """Which proposal for this purchase it is, from 1: by what the decision names it."""
        return Selection.objects.filter(project_number=self.project_number, pk__lte=self.pk).count()


class LeftOut(models.Model):
    """Who was not on the list of one draw and why, as it was committed to before anybody contributed. Append-only.

    rows: [{"cid", "code"}], for the supervision body alone; what is behind the masks, the notifier knows.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="recusals")
    draw_id = models.CharField(max_length=120, unique=True)
    rows = models.JSONField()
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"left out of {self.draw_id}"


class Struck(models.Model):
    """Who was struck from an order drawn before the opening and why, committed to before anybody was called.
    Append-only.

    rows: [{"cid", "code"}] in the drawn order; the masks are public, the reasons for the supervision body alone.
    """

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="struck")
    draw_id = models.CharField(max_length=120, unique=True)
    rows = models.JSONField()
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"struck from {self.draw_id}"


class Tie(models.Model):
    """An interest or a relative that an expert declared to have in an organisation, until he takes it back."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="ties")
    organisation = models.CharField(max_length=18)  # credit code
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in TieKind])
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "organisation"], condition=models.Q(ended_at__isnull=True), name="tie_declared_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in TieKind]), name="tie_kind_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.expert_id} {self.organisation}"
