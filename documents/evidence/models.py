"""Rows of what was handed in as evidence. Written once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from documents.evidence.rules import ENDINGS, LARGEST


class Evidence(models.Model):
    """A file somebody handed in about something; who may have it the slice says that asked for it.

    about: `<slice>:<what>`, in that slice's words.  sha256: where its bytes lie.  size: bytes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    organisation = models.CharField(max_length=18, blank=True)
    person = models.CharField(max_length=36, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about", "sha256", "organisation", "person"], name="evidence_kept_once_by_a_person"
            ),
            models.CheckConstraint(condition=Q(media_type__in=list(ENDINGS)), name="evidence_of_a_known_type"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="evidence_of_a_lawful_size"),
        ]

    def __str__(self) -> str:
        return self.name
