"""Rows of packages, and of what waits to be packed. A package is never changed: what comes later makes another."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keeping.archives.rules import Level


class Package(models.Model):
    """An archive package.  upto: the last entry of the procurement's stream it knows of.  files: its list.

    size: bytes.  Its bytes lie under the hash, in a folder of their own.
    """

    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=6)
    upto = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    files = models.JSONField()
    made_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "level", "upto"], name="packed_once_a_state"),
            models.CheckConstraint(condition=Q(level__in=[each.value for each in Level]), name="package_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.level} {self.upto}"


class ToPack(models.Model):
    """An ended procurement of which something is recorded that no package has yet.  due_at: not before."""

    project = models.OneToOneField("market.Project", primary_key=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.project_id)


class Place(models.Model):
    """How far the public log was read for what ended: the place of the next entry. One row."""

    next = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.next)
