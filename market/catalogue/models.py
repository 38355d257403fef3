"""Tables of the directory: items, their versions, what ended them, drafts, and who offers an item at what price."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from market.catalogue.rules import Type, Withdrawn
from proofs import canonical


class ServiceItem(models.Model):
    """A service item under its one code.  draft: what its department is working on, nobody else's to see.

    reminded: number of the version whose ending basis its department was reminded of.
    """

    code = models.CharField(max_length=30, unique=True)
    department = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    draft = models.JSONField(default=dict)
    drafted_at = models.DateTimeField()
    reminded = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("market:item", args=[self.code])


class ItemVersion(models.Model):
    """One published version. `text` is its canonical JSON, byte for byte what its SHA-256 is over; never changed.

    basis_until: the last day of its legal basis, None where a basis has no end.
    """

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=12)
    region = models.CharField(max_length=60)
    effective_from = models.DateField()
    basis_until = models.DateField(null=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_by = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_once"),
            models.UniqueConstraint(fields=["item", "effective_from"], name="one_item_version_a_day"),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in Type]), name="item_type_known"),
            models.CheckConstraint(
                condition=Q(basis_until__isnull=True) | Q(basis_until__gte=F("effective_from")),
                name="item_has_a_basis_when_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["basis_until"], name="item_basis_ends")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"

    @property
    def content(self) -> dict[str, Any]:
        return canonical.parse_object(self.text.encode())

    @property
    def withdrawn(self) -> bool:
        """Something ended it. Read from what was joined where it was."""
        return getattr(self, "withdrawal", None) is not None


class ItemWithdrawal(models.Model):
    """What ended a version; never changed. Offering the item again takes a new version."""

    version = models.OneToOneField(ItemVersion, on_delete=models.PROTECT, related_name="withdrawal")
    why = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(why__in=[w.value for w in Withdrawn]), name="withdrawal_known"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.why}"


class PartChange(models.Model):
    """A part of a published bundle asks for something else from a day on; never changed.

    part: the version that does.  differs: elements, of `bundling.TAKEN`.
    """

    bundle = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="part_changes")
    part = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    differs = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bundle", "part"], name="part_changes_once")]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.part_id}"


class Offer(models.Model):
    """A provider offers an item at a price.  price: yuan a unit, None where it is agreed for each purchase."""

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="offers", db_index=False)
    provider = models.ForeignKey("intermediaries.Provider", on_delete=models.PROTECT, related_name="offers")
    price = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    unit = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "provider"], name="an_offer_once"),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="offer_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.provider_id}"
