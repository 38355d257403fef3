"""Orders to keep, and deletions: who wanted, who confirmed, what went. Nothing of it is ever deleted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Hold(models.Model):
    """An order to go on keeping what is known of a procurement.  set_by, lifted_by: public ids of people."""

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    set_by = models.CharField(max_length=36)
    set_name = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    lifted_reason = models.CharField(max_length=500, blank=True)
    lifted_by = models.CharField(max_length=36, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], condition=Q(lifted_at=None), name="one_order_to_keep"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="") | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
                name="order_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.set_at:%F}"


class Deletion(models.Model):
    """A deletion by rule.  due_at: not before, once it is confirmed.  files: [[name, SHA-256, bytes]] that went.

    salt, digest: what the log commits to of that list.
    """

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="+")
    proposed_by = models.CharField(max_length=36)
    proposed_name = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=36, blank=True)
    confirmed_name = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    files = models.JSONField(default=list)
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(withdrawn_at=None, done_at=None), name="one_deletion_under_way"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, confirmed_by="") | (Q(due_at__isnull=False) & ~Q(confirmed_by="")),
                name="deletion_due_once_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(due_at__isnull=False), name="deleted_only_once_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=models.F("proposed_by")), name="deletion_takes_two"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, withdrawn_at=None), name="deletion_due"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.proposed_at:%F}"
