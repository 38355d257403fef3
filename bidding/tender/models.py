"""Tender: the terms of one project's bids, its documents, its key holders and their slots."""

import secrets
from decimal import Decimal
from typing import Any, BinaryIO, ClassVar

from django.db import models
from django.db.models import F, Q

from bidding.tender import rules
from bidding.tender.layouts import ALL_PARTS, LAYOUTS, ROUNDS, Envelopes, Layout
from bidding.tender.rules import CommitteeState, Factor, factor_of, points
from ledger import blobs
from ledger.storage import files as stored_files
from proofs.scoring import DEFAULT_ORDER


def document_path(document: "Document", name: str) -> str:
    """Where a draft's document lies: under a random name, away from what is public."""
    return f"tender/{secrets.token_hex(16)}"


class Tender(models.Model):
    """The terms bids of a project are made under. `terms` is what was pinned in the log at publication.

    closes_at: bids that arrive at or after it are late.  drain, window: seconds.
    price_weight: points of 100.  small_deduction: 0–1.  factors: [Factor as JSON].  qualifications: [text].
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="tender")
    supply_ends_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    drain = models.PositiveIntegerField()
    window = models.PositiveIntegerField()
    min_bids = models.PositiveIntegerField(default=3)
    policy = models.CharField(max_length=1, default="A")
    envelopes = models.CharField(max_length=3, default=Envelopes.ONE.value)
    price_weight = models.DecimalField(max_digits=5, decimal_places=2)
    small_deduction = models.DecimalField(max_digits=3, decimal_places=2)
    factors = models.JSONField(default=list)
    qualifications = models.JSONField(default=list)
    formula = models.JSONField(null=True)  # {"key", "params"} of proofs.prices; null: the lowest price is the base
    policies = models.JSONField(null=True)  # policy → share of further deductions; null: none
    guarantee = models.JSONField(null=True)  # {"amount": yuan, "forms": [GuaranteeForm]}; null: none is asked
    leader = models.JSONField(null=True)  # {"certificate": what who leads must hold}; null: none is to be named
    terms = models.JSONField(null=True)
    terms_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(supply_ends_at__lte=F("closes_at")) | Q(terms__isnull=True),
                                   name="tender_supply_before_deadline"),
            models.CheckConstraint(condition=Q(envelopes__in=[Envelopes.ONE.value, Envelopes.TWO.value]),
                                   name="tender_envelopes_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_id} {self.closes_at}"

    @property
    def layout(self) -> Layout:
        """The parts its bids are sealed in, and the sessions they are opened in."""
        procedure = self.project.procedure
        return ROUNDS if procedure.talks else LAYOUTS[Envelopes(procedure.form or self.envelopes)]

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part, in the order in which they are opened."""
        return self.layout.parts

    @property
    def has_halves(self) -> bool:
        """Whether each bidder holds half of his key; else the holders together open, with nobody there."""
        return self.policy != rules.WITHOUT_HALVES

    @property
    def criteria(self) -> tuple[Factor, ...]:
        """The scoring factors besides the price."""
        return tuple(factor_of(each) for each in self.factors)

    @property
    def scoring(self) -> dict[str, Any]:
        """How bids are scored, as the terms and the report carry it."""
        return {
            "price_weight": points(Decimal(self.price_weight)),
            "price_cap": str(self.project.price_cap),
            "small_deduction": points(Decimal(self.small_deduction)),
            "category": self.project.category,
            "factors": [
                {key: each[key] for key in ("key", "name", "max", "objective", "technical") if key in each}
                for each in self.factors
            ],
            **({"order": list(order)} if (order := self.project.procedure.order) != DEFAULT_ORDER else {}),
            **({"formula": self.formula} if self.formula else {}),
            **({"policies": self.policies} if self.policies else {}),
        }


class Document(models.Model):
    """One version of one of the tender's documents. Until it is announced it lies in the file store; then it is a
    public blob, and stays one when a later version takes its place.

    change: what brought it after the notice.  superseded_at: when a later version of the same name was announced.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="documents")
    change = models.ForeignKey("bidding.Change", on_delete=models.PROTECT, null=True, related_name="documents")
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    superseded_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=document_path, max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "name"], condition=Q(change=None), name="document_named_once"),
            models.UniqueConstraint(fields=["change", "name"], name="document_changed_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="document_version_from_one"),
        ]

    @property
    def stored_as(self) -> str:
        """Under which name its bytes lie in the storage."""
        return stored_files.stored_as(str(self.file.name))

    def open(self, mode: str = "rb") -> BinaryIO:
        """Its bytes, for reading again and again. Raises FileNotFoundError."""
        return blobs.whole_of(self.stored_as)

    def __str__(self) -> str:
        return self.name


class Taking(models.Model):
    """A provider took the documents (获取文件). Nobody but that provider may know, or how many there are."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    person = models.CharField(max_length=36)
    receipt = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "organisation"], name="documents_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.taken_at}"


class KeyCommittee(models.Model):
    """The key holders of one unit.  roster: [{"i", "org"}].  cmh: H(KCM), empty until all have posted their keys.

    dummy: what the server sealed for the trial opening; it protects nothing.
    """

    State = CommitteeState
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="committees")
    part = models.CharField(max_length=8)
    k = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    slots = models.PositiveIntegerField()
    roster = models.JSONField()
    state = models.CharField(max_length=8, default=CommitteeState.WANTED.value)
    cmh = models.CharField(max_length=64, blank=True)
    dummy = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "part"], name="one_committee_a_part"),
            models.CheckConstraint(condition=Q(part__in=ALL_PARTS), name="committee_part_known"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in CommitteeState]),
                                   name="committee_state_known"),
            models.CheckConstraint(condition=Q(k__gte=2) & Q(k__lte=F("n")), name="committee_threshold"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tender_id} {self.part}"


class CommitteeMember(models.Model):
    """A holder that has posted its slot keys.

    keys: base64url of slots × 32 bytes.  trial: its `rel/1` of slot 0.
    """

    committee = models.ForeignKey(KeyCommittee, on_delete=models.PROTECT, related_name="members")
    i = models.PositiveIntegerField()
    organisation = models.CharField(max_length=18)
    keys = models.TextField()
    statement = models.JSONField()
    posted_at = models.DateTimeField()
    trial = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "i"], name="one_member_a_place"),
            models.UniqueConstraint(fields=["committee", "organisation"], name="one_place_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.i}"


class Slot(models.Model):
    """A slot key given to a bidder for one version; never given again."""

    committee = models.ForeignKey(KeyCommittee, on_delete=models.PROTECT, related_name="allotted")
    number = models.PositiveIntegerField()
    allotted_to = models.CharField(max_length=18)
    allotted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "number"], name="slot_allotted_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="slot_zero_is_the_trials"),
        ]
        indexes: ClassVar = [models.Index(fields=["committee", "allotted_to"], name="slot_of_bidder")]

    def __str__(self) -> str:
        return f"{self.committee_id} {self.number}"


class Readiness(models.Model):
    """A holder's newest signed word that it can open this tender.  statement: its `rdy/1`."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    statement = models.JSONField()
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "organisation"], name="one_readiness_a_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.organisation}"


class ReadinessAlarm(models.Model):
    """A holder was not ready so long before this deadline; everybody concerned was told, once."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    span = models.CharField(max_length=4)
    closes_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "organisation", "span", "closes_at"], name="alarm_raised_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.organisation} {self.span}"
