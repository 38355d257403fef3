"""Rows of the register of providers."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from intermediaries.registry.rules import LIFE, Claim, Finding, Outcome, State
from rulebook.refusal import refuse_if


class Provider(models.Model):
    """An organisation that sells services, as it describes itself.  edition: of the promise it signed."""

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.PROTECT, related_name="provider")
    state = models.CharField(max_length=8)
    legal_rep = models.CharField(max_length=64)
    legal_rep_tag = models.CharField(max_length=64, blank=True)  # keyed hash of his identity number, where he gave it
    region = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    scope = models.CharField(max_length=1000)
    contact_name = models.CharField(max_length=64)
    contact_phone = models.CharField(max_length=40)
    edition = models.CharField(max_length=20, blank=True)
    entered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="provider_state_known"),
            models.CheckConstraint(
                condition=~Q(state="entered") | (Q(entered_at__isnull=False) & ~Q(edition="")),
                name="provider_entered_by_promise",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation_id

    def advance(self, to: State) -> None:
        """Move along the life of a provider: the only writer of `state`."""
        refuse_if(LIFE.why_not(State(self.state), to))
        self.state = to.value
        self.save(update_fields=["state"])


class FormerName(models.Model):
    """A name a provider had; never changed.  until: its last day.  document: of the new one's registration."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=200)
    until = models.DateField()
    document = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class NameSuffix(models.Model):
    """An end of a provider's name, UTF-8: a search for any part of it walks along these, however many there are."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="+", db_index=True)
    suffix = models.BinaryField(max_length=48)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["suffix", "provider"], name="name_suffix")]

    def __str__(self) -> str:
        return bytes(self.suffix).decode(errors="replace")


class Place(models.Model):
    """Where a provider is to be found: its seat, its branches. main: the seat."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="places", db_index=False)
    region = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    main = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "region"], name="one_place_a_region"),
            models.UniqueConstraint(fields=["provider"], condition=Q(main=True), name="one_seat"),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "provider"], name="places_of_a_region")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.region}"


class Qualification(models.Model):
    """A certificate of the firm. valid_to: its last day, None without one. sha256: of its scan, which is public.

    reminded_for: the last day somebody was reminded of.  struck_on: from when the register no longer counts it.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=80)
    grade = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=120)
    valid_to = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    reminded_for = models.DateField(null=True)
    struck_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"], condition=Q(struck_on__isnull=True), name="qualification_of_one_firm"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["valid_to"], condition=Q(struck_on__isnull=True), name="qualification_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.grade} {self.number}"


class Practitioner(models.Model):
    """A person who practises for one firm only. id_tag: keyed hash of the identity number, which is not kept."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(max_length=40)
    id_tag = models.CharField(max_length=64)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_tag"], condition=Q(left_on__isnull=True), name="in_one_firm_only"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.provider_id}"


class Certificate(models.Model):
    """What a practitioner may do. valid_to, reminded_for, struck_on: as of a Qualification."""

    person = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    valid_to = models.DateField(null=True)
    added_at = models.DateTimeField()
    reminded_for = models.DateField(null=True)
    struck_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "number"], condition=Q(struck_on__isnull=True), name="certificate_of_one_person"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["valid_to"], condition=Q(struck_on__isnull=True), name="certificate_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class StaffClaim(models.Model):
    """Somebody says that he has left a firm that does not release him; the firm he goes to brings his word.

    left_on: since when, as he says.  due_on: the last day of the firm he left to object.  outcome: of `Claim`, empty
    while it is open.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="claims", db_index=False)
    claimant = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="claims")
    left_on = models.DateField()
    statement = models.CharField(max_length=1000)
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    objection = models.CharField(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    by_name = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(outcome=""), name="one_claim_a_person"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None)
                | Q(outcome__in=[c.value for c in Claim], decided_at__isnull=False),
                name="claim_decided_with_an_outcome",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="claims_of_a_person")]

    def __str__(self) -> str:
        return str(self.public_id)


class ProviderChange(models.Model):
    """One line of a provider's history; never changed. told: what is different, in words; public."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20)
    told = models.CharField(max_length=1500)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class SpotCheck(models.Model):
    """A check of a provider's data after the fact; never changed."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="checks")
    subject = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    due_on = models.DateField(null=True)
    checked_on = models.DateField()
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="check_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.outcome}"


class Correction(models.Model):
    """What a check wants set right, until it has been looked at again.

    reminded_on: when the firm was reminded.  late_on: when keepers were told that its day is over.  said: what the firm
    says it did.  recheck: the second check.  case: number of the report of what was not set right.
    """

    check_row = models.OneToOneField(SpotCheck, on_delete=models.PROTECT, related_name="correction")
    due_on = models.DateField(db_index=True)
    reminded_on = models.DateField(null=True)
    late_on = models.DateField(null=True)
    said = models.CharField(max_length=1000, blank=True)
    said_at = models.DateTimeField(null=True)
    recheck = models.OneToOneField(SpotCheck, on_delete=models.PROTECT, null=True, related_name="rechecked")
    case = models.CharField(max_length=36, blank=True)

    def __str__(self) -> str:
        return f"{self.check_row_id} {self.due_on}"


class DataObjection(models.Model):
    """What somebody says is wrong in a provider's data; never changed. Who said it is the keepers' to see alone.

    source: where it came from, for counting.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="objections")
    text = models.CharField(max_length=1000)
    by_name = models.CharField(max_length=64)
    by_contact = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    raised_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "raised_at"], name="objections_of_a_source")]

    def __str__(self) -> str:
        return str(self.public_id)


class ObjectionFinding(models.Model):
    """What came of an objection; never changed."""

    objection = models.OneToOneField(DataObjection, on_delete=models.PROTECT, related_name="found")
    finding = models.CharField(max_length=8)
    text = models.CharField(max_length=1000)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(finding__in=[f.value for f in Finding]), name="finding_known"),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.finding}"


class Import(models.Model):
    """A register from elsewhere, checked and waiting for a second keeper. table: rows of text, the head first."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    table = models.JSONField()
    sha256 = models.CharField(max_length=64)
    providers = models.PositiveIntegerField()
    staged_by = models.CharField(max_length=64)
    staged_by_name = models.CharField(max_length=64)
    staged_at = models.DateTimeField()
    confirmed_by_name = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
