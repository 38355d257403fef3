"""Rows of certificates."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from experts.certificates.rules import Proof
from experts.registry.models import Dossier


class Certificate(models.Model):
    """A proof of what somebody says of himself. sealed: its name; file: its bytes; both emptied when it is taken back.

    valid_until: the last day, empty for what does not end.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="certificates")
    proof = models.CharField(max_length=12)
    sealed = models.TextField(blank=True)
    file = models.BinaryField()
    suffix = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    valid_until = models.DateField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(proof__in=[p.value for p in Proof]), name="certificate_proof_known"),
            models.CheckConstraint(condition=Q(removed_at__isnull=True) | Q(sealed=""), name="certificate_emptied"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until"], condition=Q(removed_at__isnull=True, reminded_at__isnull=True),
                name="certificate_ending",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.proof} {self.added_at}"
