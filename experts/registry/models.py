"""Rows of the register."""

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from experts.registry.conduct import DECIDED, Fault, Said
from experts.registry.imports import IMPORT_LIFE, ImportState
from experts.registry.rules import APPLICATION_LIFE, STANDING_LIFE, ApplicationState, Post, Standing, Title
from rulebook.refusal import refuse_if


class Dossier(models.Model):
    """A person's particulars, sealed: name, phone, identity number, e-mail, account. One a person, read by `looking`.

    id_tag: keyed hash of the identity number, so that nobody is entered twice; empty while it is not known.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dossier")
    sealed = models.TextField()
    id_tag = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_tag"], condition=~Q(id_tag=""), name="dossier_once_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Look(models.Model):
    """Somebody saw a person's particulars in full; never changed. The person and the supervision see every one."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="looks")
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    by_role = models.CharField(max_length=12)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="looks_by_time")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.at}"


class Application(models.Model):
    """Somebody's wish to be in the register, with what he says of himself. edition: of the law it is judged by."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10)
    title = models.CharField(max_length=12)
    field_since = models.PositiveSmallIntegerField()
    keys = models.JSONField()
    employer_code = models.CharField(max_length=18)
    employer_name = models.CharField(max_length=120)
    employer_since = models.DateField()
    region = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    submitted_at = models.DateTimeField()
    checked_by = models.CharField(max_length=64, blank=True)  # public id of the first keeper

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ApplicationState]), name="application_state_known"
            ),
            models.CheckConstraint(condition=Q(title__in=[t.value for t in Title]), name="application_title_known"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state__in=["submitted", "checked", "returned"]),
                name="one_application_at_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "submitted_at"], name="applications_waiting")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    def advance(self, to: ApplicationState) -> None:
        """Move along the life of an application: the only writer of `state`."""
        refuse_if(APPLICATION_LIFE.why_not(ApplicationState(self.state), to))
        self.state = to.value
        self.save(update_fields=["state"])


class ApplicationStep(models.Model):
    """One line of an application's history; never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.state} {self.at}"


class Expert(models.Model):
    """A person who may be drawn. The number is known to him and the register, never shown with a project."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    state = models.CharField(max_length=10, default=Standing.ENROLLED.value)
    employer_code = models.CharField(max_length=18, db_index=True)
    employer_name = models.CharField(max_length=120)
    region = models.CharField(max_length=60)
    review_due_on = models.DateField(null=True)
    on_leave_from = models.DateField(null=True, blank=True)
    on_leave_until = models.DateField(null=True, blank=True)
    barred_until = models.DateField(null=True, blank=True)
    barred_by = models.CharField(max_length=120, blank=True)  # the decision's number
    enrolled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(barred_until__isnull=True) | ~models.Q(barred_by=""), name="expert_bar_decided"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in Standing]), name="expert_standing_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def employers(self) -> list[tuple[str, date | None]]:
        """Every organisation of the history, with the last day. Read from what was prefetched where it was."""
        return [(row.code, row.until) for row in self.employments.all()]

    def advance(self, to: Standing) -> None:
        """Move along the life of an expert: the only writer of `state`."""
        refuse_if(STANDING_LIFE.why_not(Standing(self.state), to))
        self.state = to.value
        self.save(update_fields=["state"])


class Specialty(models.Model):
    """A field in which an expert may judge; keys as in the catalogue."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="specialties")
    key = models.CharField(max_length=20, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expert", "key"], name="specialty_once")]

    def __str__(self) -> str:
        return self.key


class Employment(models.Model):
    """Where an expert works or worked, or what he is tied to. until: the last day, empty while it lasts."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="employments")
    code = models.CharField(max_length=18, db_index=True)
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(post__in=[t.value for t in Post]), name="employment_post_known"),
            models.UniqueConstraint(
                fields=["expert"], condition=Q(post=Post.MAIN.value, until__isnull=True), name="one_employer_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="employment_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.since}"


class Training(models.Model):
    """A training somebody took part in; never changed."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="trainings")
    subject = models.CharField(max_length=120)
    hours = models.PositiveSmallIntegerField()
    on = models.DateField()
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} {self.on}"


class StandingChange(models.Model):
    """One line of an expert's history in the register; never changed.

    what: as `words.CHANGE_WORDS` has it.
    """

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=14)
    note = models.CharField(max_length=500, blank=True)
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class AccessSlip(models.Model):
    """A keeper's one-time word with which somebody who was entered without an account's password sets his first one.

    code_hash: SHA-256 of the word itself, which nobody keeps.  One stands at a time; a newer one ends it.
    """

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="slips")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    again = models.BooleanField(default=False)  # for somebody who had a password and lost it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["expert"], condition=Q(used_at__isnull=True, replaced_at__isnull=True), name="one_slip_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.issued_at}"


class SlipAsked(models.Model):
    """One keeper asks for a slip for somebody who lost his password, and how he knows him; another one decides."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="slips_asked")
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=64)
    asked_name = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["expert"], condition=Q(decided_at__isnull=True), name="one_slip_asked_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="slip_asked_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.asked_at}"

    @property
    def number(self) -> int:
        """Which request about this expert it is, from 1: by what the decision names it."""
        return self.expert.slips_asked.filter(pk__lte=self.pk).count()


class StagedImport(models.Model):
    """A workbook whose every row was good, waiting for a second keeper. sealed: its cells, emptied once it is decided.

    sha256: of the cells, so that two keepers can say on the telephone that they mean the same.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, default=ImportState.WAITING.value)
    sealed = models.TextField(blank=True)
    rows = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    staged_by = models.CharField(max_length=64)
    staged_name = models.CharField(max_length=64)
    staged_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ImportState]), name="import_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ImportState.ENTERED.value) | ~Q(decided_by=models.F("staged_by")),
                name="import_two_persons",
            ),
            models.CheckConstraint(condition=Q(state=ImportState.WAITING.value) | Q(sealed=""), name="import_emptied"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"

    def advance(self, to: ImportState) -> None:
        """Move along the life of an import: the only writer of `state`."""
        refuse_if(IMPORT_LIFE.why_not(ImportState(self.state), to))
        self.state = to.value
        self.sealed = ""
        self.save(update_fields=["state", "sealed"])


class Lapse(models.Model):
    """An expert let a panel down, as a keeper wrote it down once the panel was public; never changed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="lapses")
    fault = models.CharField(max_length=10)
    project = models.CharField(max_length=60)
    panel = models.ForeignKey("experts.Panel", on_delete=models.PROTECT, null=True, related_name="lapses")
    on = models.DateField()
    note = models.CharField(max_length=500)
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fault__in=[f.value for f in Fault]), name="lapse_fault_known"),
            models.UniqueConstraint(fields=["expert", "project", "fault"], name="lapse_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fault} {self.on}"


class LapseWord(models.Model):
    """What was said of a lapse afterwards: the expert's answer, another keeper's decision. One each, never changed."""

    lapse = models.ForeignKey(Lapse, on_delete=models.PROTECT, related_name="words")
    said = models.CharField(max_length=10)
    text = models.CharField(max_length=500)
    by_person = models.CharField(max_length=64)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lapse"], condition=Q(said=Said.ANSWERED.value), name="lapse_answer_once"),
            models.UniqueConstraint(
                fields=["lapse"], condition=Q(said__in=sorted(s.value for s in DECIDED)), name="lapse_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} {self.at}"


class CatalogueLine(models.Model):
    """A specialty of an edition of the catalogue that was imported. The edition that came last is in force."""

    edition = models.CharField(max_length=60)
    key = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    parent = models.CharField(max_length=20, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "key"], name="specialty_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"
