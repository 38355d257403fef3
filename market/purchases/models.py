"""A purchase in the supermarket: what its project does not say."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from intermediaries.registry.rules import Need, Wanted
from market.projects.rules import Fund
from market.purchases.rules import AuctionTerms, Finding, auction_of

FUNDS = [fund.value for fund in Fund]
FINDINGS = [finding.value for finding in Finding]


class Purchase(models.Model):
    """The item a service is bought under, whose money pays, what is asked of providers, how one is chosen.

    item, item_version, item_sha256: of the catalogue, as it was when the draft was published.
    fund_share: of public money, 0–1.  days: of service.  quantity: in the unit of a government's price.
    price_known: the price is fixed at the project's cap and not competed for.
    need: {"qualifications": [{"kind", "grade"}], "every": bool, "staff": [{"kind", "count"}],
    "other": [further conditions]}.
    excluded: [{"org", "name", "reason"}], published.  closes_at: until when providers enrol or offer.
    selects_at: when the choice is made, or an auction begins.  formula: {"key", "params"} of a choice by price.
    auction: of `AuctionTerms`.  factors: of a choice by merit.  weights: sizes of the lists of a choice by credit.
    reason: why this way, after failures.  again: number of the failed purchase this follows.
    direct: {"org", "amount", "reason"} of a direct choice.
    payment: [{"share", "when"}], percent of the price and upon what.  rate: {"least", "most"}, percent off the cap that
    is offered instead of an amount; None: amounts.  valid_days: for how long a sealed quote binds, from the closing.
    attachments: [{"id", "name", "size", "sha256"}], files of its notice.
    terms: what was pinned at publication, with its SHA-256.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="purchase")
    item = models.CharField(max_length=30)
    item_version = models.PositiveIntegerField(default=1)
    item_sha256 = models.CharField(max_length=64, blank=True)
    fund = models.CharField(max_length=8)
    fund_share = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    scale = models.CharField(max_length=300, blank=True)
    region = models.CharField(max_length=60, blank=True)
    days = models.PositiveIntegerField()
    quantity = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    price_known = models.BooleanField(default=False)
    need = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    closes_at = models.DateTimeField()
    selects_at = models.DateTimeField()
    formula = models.JSONField(null=True)
    auction = models.JSONField(null=True)
    factors = models.JSONField(default=list)
    weights = models.JSONField(null=True)
    direct = models.JSONField(null=True)
    payment = models.JSONField(default=list)
    rate = models.JSONField(null=True)
    valid_days = models.PositiveSmallIntegerField(default=60)
    attachments = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    again = models.CharField(max_length=32, blank=True)
    terms = models.JSONField(null=True)
    terms_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fund__in=FUNDS), name="purchase_fund_known"),
            models.CheckConstraint(condition=Q(fund_share__gte=0) & Q(fund_share__lte=1), name="purchase_share"),
            models.CheckConstraint(condition=Q(selects_at__gte=models.F("closes_at")), name="purchase_choice_after"),
        ]
        indexes: ClassVar = [models.Index(fields=["item"], name="purchase_of_item")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.item}"

    @property
    def wanted(self) -> Need:
        """What it asks of whoever performs it."""
        told: dict[str, Any] = self.need
        return Need(
            tuple(Wanted(row["kind"], row.get("grade", "")) for row in told.get("qualifications", ())),
            every=bool(told.get("every")),
            staff=tuple((row["kind"], int(row.get("count") or 1)) for row in told.get("staff", ())),
        )

    @property
    def least(self) -> int:
        """With how many enrolled or offering the choice is made."""
        selection = self.project.procedure.selection
        assert selection is not None  # a purchase has a row of the supermarket
        return selection.least[0][Fund(self.fund)]

    @property
    def auctioned(self) -> AuctionTerms | None:
        """How its auction runs, where there is one."""
        return auction_of(self.auction) if self.auction else None


class SplitAlert(models.Model):
    """A purchase that was refused because the year's sum passes the limit: somebody looks into it, and says so.

    earlier: [{"number", "title", "amount", "on"}].  amount, limit: yuan.  owner: person who took it.
    text: what was found, published.  notes: the supervision's own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="split_alert")
    item = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    limit = models.DecimalField(max_digits=17, decimal_places=2)
    earlier = models.JSONField()
    raised_at = models.DateTimeField()
    owner = models.CharField(max_length=36, blank=True)
    owner_name = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=10, blank=True)
    text = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at=None, finding="") | Q(closed_at__isnull=False, finding__in=FINDINGS),
                name="split_alert_closed_with_a_finding",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(owner=""), name="split_alert_closed_by_its_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.item}"

    @property
    def before(self) -> Decimal:
        """Yuan of the earlier purchases."""
        return sum((Decimal(row["amount"]) for row in self.earlier), Decimal())

    @property
    def sum(self) -> Decimal:
        """Yuan together with the one that was refused."""
        return self.before + self.amount
