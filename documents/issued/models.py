"""Rows of what was issued. Written once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Issued(models.Model):
    """A paper as it was issued.  about: `<slice>:<what>`, one paper for each.  certificate: it was signed under.

    public: its bytes are anyone's to fetch; of another only its hash is public, and its slice hands it out.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    public = models.BooleanField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    certificate = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(size__gt=0), name="issued_paper_not_empty")]

    def __str__(self) -> str:
        return self.title
