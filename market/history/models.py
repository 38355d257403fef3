"""Reported transactions, in sets by their source."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from market.history.rules import Outcome, rate_of


class TransactionSet(models.Model):
    """A source's transactions. basis: what the source says and what we did to it, shown wherever a figure is."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=100)
    source = models.CharField(max_length=200)
    basis = models.TextField()

    def __str__(self) -> str:
        return self.title


class Transaction(models.Model):
    """One of them, in yuan."""

    set = models.ForeignKey(TransactionSet, on_delete=models.CASCADE, related_name="transactions")
    number = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, default=Outcome.DONE.value)
    control = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    award = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    notices = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["set", "number"], name="transaction_once_a_set"),
            models.CheckConstraint(condition=Q(outcome__in=list(Outcome)), name="transaction_outcome_known"),
            models.CheckConstraint(
                condition=Q(control__isnull=True) | Q(award__isnull=True) | Q(award__lte=F("control")),
                name="transaction_never_over_its_control_price",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def saved(self) -> Decimal | None:
        """Control price less award, where both are there."""
        return None if self.control is None or self.award is None else self.control - self.award

    @property
    def rate(self) -> Decimal | None:
        """Its own saving in percent; never averaged."""
        return None if self.control is None or self.saved is None else rate_of(self.saved, self.control)
