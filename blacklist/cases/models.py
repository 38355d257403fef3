"""Tables of cases: what is charged against whom, every step of it, and the restriction that may come of it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from blacklist.cases.process import LIFE, SIGNED, Act, Source, State
from blacklist.cases.rules import GROUNDS, Body, Kind
from rulebook.refusal import refuse_if


class Case(models.Model):
    """One act charged against one subject. Only its state ever changes, by `advance`.

    subject: credit code or keyed hash of an identity number.  party_org, party_person: who answers for it: a credit
    code, or the public id of a user.  project: what it happened in, never shown to the public.  region: where; none
    for what lies nowhere in particular, which only those who reach everywhere look after.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    party_org = models.CharField(max_length=18, blank=True)
    party_person = models.CharField(max_length=36, blank=True)
    ground = models.CharField(max_length=30)
    edition = models.CharField(max_length=20)
    source = models.CharField(max_length=12)
    project = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6, null=True)
    occurred_on = models.DateField()
    reported_by = models.CharField(max_length=36, blank=True)
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="case_state_known"),
            models.CheckConstraint(condition=Q(body__in=[b.value for b in Body]), name="case_body_known"),
            models.CheckConstraint(condition=Q(ground__in=list(GROUNDS)), name="case_ground_known"),
            models.CheckConstraint(condition=Q(source__in=[s.value for s in Source]), name="case_source_known"),
            models.CheckConstraint(condition=~Q(party_org="") | ~Q(party_person=""), name="case_somebody_answers"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="cases_by_state"),
            models.Index(fields=["party_org", "id"], name="cases_of_an_organisation"),
            models.Index(fields=["party_person", "id"], name="cases_of_a_person"),
            models.Index(fields=["reported_by", "id"], name="cases_by_reporter"),
            models.Index(fields=["project", "id"], name="cases_of_a_purchase"),
            models.Index(fields=["region", "id"], name="cases_of_a_region"),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.pk}"

    def advance(self, to: State) -> None:
        """Move along the life of a case: the only writer of `state`."""
        refuse_if(LIFE.why_not(State(self.state), to))
        self.state = to.value
        self.save(update_fields=["state"])


class Step(models.Model):
    """One act in a case, by one person. Never changed.

    round: which proposal it belongs to, 0 for none; whoever signs a round signs it once, so two rows are two persons.
    until: the window it opens is shut from then on.  evidence: names and hashes.  outcome, terms: charged or proposed.
    about: the restriction a repair is about.  nonce: blinds what the log says of it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=16)
    round = models.PositiveIntegerField(default=0)
    person = models.CharField(max_length=36, blank=True)
    name = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    text = models.CharField(max_length=2000, blank=True)
    evidence = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, blank=True)
    terms = models.JSONField(default=dict)
    about = models.CharField(max_length=36, blank=True)
    nonce = models.CharField(max_length=32, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="steps_in_order"),
            models.UniqueConstraint(
                fields=["case", "round", "person"],
                condition=Q(act__in=[act.value for act in SIGNED]),
                name="one_signature_a_person_a_round",
            ),
            models.CheckConstraint(condition=Q(act__in=[act.value for act in Act]), name="step_act_known"),
            models.CheckConstraint(
                condition=~Q(act__in=[act.value for act in SIGNED]) | (Q(round__gt=0) & ~Q(person="")),
                name="step_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(act=Act.NOTICED.value) | Q(until__gt=F("at")), name="notice_leaves_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.act}"


class Restriction(models.Model):
    """What a decision of the platform does to its subject, and until when. Its stay and its early end are written once.

    round: of the case, in which two persons signed it.  starts_at, ends_at: half-open.  stayed_at, resumed_at: between
    them an appeal puts it off.  ended_at: annulled, changed or repaired from then on.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="restrictions", db_index=False)
    round = models.PositiveIntegerField()
    decision_no = models.CharField(max_length=40)
    body = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    ground = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    points = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stayed_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "round", "kind"], name="a_kind_once_a_decision"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="restriction_ends"),
            models.CheckConstraint(condition=Q(decided_at__lt=F("starts_at")), name="restriction_not_backdated"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="restriction_kind_known"),
            models.CheckConstraint(condition=Q(ground__in=list(GROUNDS)), name="restriction_ground_known"),
            models.CheckConstraint(
                condition=(Q(kind=Kind.POINTS.value) & Q(points__gt=0)) | (~Q(kind=Kind.POINTS.value) & Q(points=0)),
                name="points_are_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("stayed_at")), name="resumed_after_a_stay"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""), name="restriction_ends_for_a_reason"
            ),
        ]
        # The gate asks for one subject's restrictions that are not over: one short range of this index.
        indexes: ClassVar = [
            models.Index(fields=["subject", "ends_at"], name="restriction_gate"),
            models.Index(fields=["ends_at", "id"], name="restriction_list"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.decision_no}"


class DecisionPaper(models.Model):
    """The signed decision of a served case.  paper: as it was issued; None while it waits, then never another."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision_paper")
    paper = models.OneToOneField("documents.Issued", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case"], condition=Q(paper=None), name="decisions_to_issue")]

    def __str__(self) -> str:
        return str(self.case_id)
