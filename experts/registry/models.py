"""Rows of the register."""

import uuid

from django.conf import settings
from django.db import models


class Expert(models.Model):
    """A person who may be drawn. The number is known to him and the register, never shown with a project."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    employer_code = models.CharField(max_length=18, db_index=True)
    employer_name = models.CharField(max_length=120)
    region = models.CharField(max_length=60)
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
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Specialty(models.Model):
    """A field in which an expert may judge; keys as in `registry.rules.SPECIALTIES`."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="specialties")
    key = models.CharField(max_length=20, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expert", "key"], name="specialty_once")]

    def __str__(self) -> str:
        return self.key
