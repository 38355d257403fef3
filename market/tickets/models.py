"""Tickets of the hotline. The caller's name and telephone stay with the hotline."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from market.tickets.rules import Result


class Ticket(models.Model):
    """One ticket; what it says is never changed.  body: credit code of whom it was sent to.  project: as it names one.

    complaint: it belongs to, where it does.  sha256: of the file it came in.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.CharField(max_length=18)
    number = models.CharField(max_length=40)
    received_on = models.DateField()
    due_on = models.DateField()
    title = models.CharField(max_length=100)
    text = models.CharField(max_length=500)
    category = models.CharField(max_length=40, blank=True)
    project = models.CharField(max_length=32, blank=True)
    named = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=36)
    imported_at = models.DateTimeField()
    complaint = models.ForeignKey("market.Complaint", on_delete=models.PROTECT, null=True, related_name="tickets")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "number"], name="a_ticket_once_a_body"),
        ]
        indexes: ClassVar = [models.Index(fields=["body", "due_on"], name="tickets_due")]

    def __str__(self) -> str:
        return self.number


class TicketAnswer(models.Model):
    """The answer that goes back to the hotline; never changed.  in_time: by the ticket's day."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="answer")
    result = models.CharField(max_length=10)
    text = models.TextField()
    in_time = models.BooleanField()
    person = models.CharField(max_length=36)
    name = models.CharField(max_length=64)
    answered_on = models.DateField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result__in=[each.value for each in Result]), name="ticket_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.result}"
