"""Tables of others' lists, and of who was looked up. What two people brought in and what was asked is never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from blacklist.lists.rules import LISTS, Gate


class ListIssue(models.Model):
    """A list as it stood on a day, in the file it came as.  table: its rows as read, until they are entries.

    sha256: of the file.  confirmed_by, dropped: empty while it waits for the second person.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    list = models.CharField(max_length=12)
    source = models.CharField(max_length=200)
    as_of = models.DateField()
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    table = models.JSONField()
    count = models.PositiveIntegerField()
    staged_by = models.CharField(max_length=36)
    staged_by_name = models.CharField(max_length=64)
    staged_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=36, blank=True)
    confirmed_by_name = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(list__in=list(LISTS)), name="list_known"),
            models.CheckConstraint(condition=~Q(staged_by=F("confirmed_by")), name="list_by_two"),
        ]
        indexes: ClassVar = [models.Index(fields=["list", "as_of"], name="list_issues")]

    def __str__(self) -> str:
        return f"{self.list} {self.as_of}"

    @property
    def name(self) -> str:
        return LISTS[self.list].name


class ListEntry(models.Model):
    """Somebody on a confirmed issue."""

    issue = models.ForeignKey(ListIssue, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    document_no = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    listed_on = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code", "issue"], name="listed_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.issue_id}"


class Inquiry(models.Model):
    """Somebody was looked up: what, of which day, with which answer.  about: the stream of the procurement.

    answers: per list {list, name, law, held, as_of, sha256, source, found: [{document_no, reason, listed_on, until}]}.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.CharField(max_length=64)
    gate = models.CharField(max_length=8)
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    answers = models.JSONField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(gate__in=[each.value for each in Gate]), name="inquiry_gate_known"),
            models.UniqueConstraint(fields=["about", "gate", "code"], name="one_inquiry_a_gate"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.code}"

    @property
    def at_award(self) -> bool:
        return self.gate == Gate.AWARD.value

    @property
    def listed(self) -> bool:
        return any(answer["found"] for answer in self.answers)
