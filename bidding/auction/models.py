"""An auction, who takes part under which alias, every quote with what became of it, every price that was explained."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from proofs.auction import State, Terms
from rulebook.law import Article
from rulebook.refusal import Kind, Reason


class Auction(models.Model):
    """A live reverse auction as it was called, and where it stands.

    start, step: yuan.  window, restart: seconds.  most: how often a quote may move the end.  opens_at, ends_at: as
    they are now.  number, best, leader: of the last accepted quote; leader is an alias.  extended: how often it was
    moved.  paused_by: in whose name.  rested_at: the beginning of the last rest of its purchase that was dealt with.
    ended_at: when its end was noted.  settled_at: when the result went on, or it came to nothing.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="auction")
    start = models.DecimalField(max_digits=15, decimal_places=2)
    step = models.DecimalField(max_digits=15, decimal_places=2)
    window = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    restart = models.PositiveIntegerField()
    called_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    best = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    leader = models.CharField(max_length=8, blank=True)
    extended = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=10, blank=True)
    pause_reason = models.TextField(blank=True)
    rested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(start__gt=0) & Q(step__gt=0), name="auction_above_zero"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("opens_at")), name="auction_ends_after_it_opens"),
            models.CheckConstraint(condition=Q(extended__lte=F("most")), name="auction_extended_at_most"),
            models.CheckConstraint(
                condition=Q(number=0, best=None, leader="") | Q(number__gt=0, best__gt=0) & ~Q(leader=""),
                name="auction_led_by_a_quote",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], condition=Q(settled_at=None), name="auction_running"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"

    @property
    def terms(self) -> Terms:
        """As they were announced."""
        return Terms(self.start, self.step, timedelta(seconds=self.window), self.most, timedelta(seconds=self.restart))

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.opens_at, self.ends_at, self.number, self.best, self.leader, self.extended, self.paused_at)


class AuctionBidder(models.Model):
    """Who takes part, under which alias.  salt: opens the commitment that was published before the first quote."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="bidders")
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    alias = models.CharField(max_length=8)
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auction", "organisation"], name="bidder_once_an_auction"),
            models.UniqueConstraint(fields=["auction", "alias"], name="alias_once_an_auction"),
        ]

    def __str__(self) -> str:
        return self.alias


class Quote(models.Model):
    """A quote and what became of it; written once.

    quote: the number its maker gave it; sent again it gets the same answer.  typed: the price as it came.  at: when
    it arrived.  number, ceiling, closes_at, ends_at: of an accepted one: its place, the highest price that would have
    been accepted, the end before and after it.  refused: of a refused one, the first reason's code; refusal: all.
    """

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="quotes")
    bidder = models.ForeignKey(AuctionBidder, on_delete=models.PROTECT, related_name="quotes")
    person = models.CharField(max_length=36)
    quote = models.UUIDField(default=uuid.uuid4)
    typed = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=15, decimal_places=2)
    at = models.DateTimeField()
    number = models.PositiveIntegerField(null=True)
    ceiling = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    closes_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=60, blank=True)
    refusal = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bidder", "quote"], name="quote_once_a_bidder"),
            models.UniqueConstraint(fields=["auction", "number"], name="quote_number_once"),
            models.CheckConstraint(
                condition=Q(number=None, ceiling=None, closes_at=None, ends_at=None) & ~Q(refused="")
                | Q(number__gt=0, price__gt=0, price__lte=F("ceiling"), at__lt=F("closes_at"), refused="")
                & Q(ends_at__gte=F("closes_at")),
                name="quote_better_and_in_time",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["bidder", "at"], name="quotes_of_bidder")]

    def __str__(self) -> str:
        return f"{self.bidder_id} {self.typed}"

    @property
    def accepted(self) -> bool:
        return self.number is not None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was refused."""
        return tuple(
            Reason(
                row["code"], Kind(row["kind"]), row["text"], Article(*row["law"]) if row["law"] else None, row["values"]
            )
            for row in self.refusal
        )


class PriceExplanation(models.Model):
    """A last quote that has to be explained before it may win.

    grounds: sentences, published.  text: what its maker says, the buyer's to read.  accepted: None until judged.
    """

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="explanations")
    organisation = models.CharField(max_length=18)
    price = models.DecimalField(max_digits=15, decimal_places=2)
    grounds = models.JSONField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    text = models.TextField(blank=True)
    said_by = models.CharField(max_length=36, blank=True)
    said_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    judged_by = models.CharField(max_length=36, blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auction", "organisation"], name="explained_once"),
            models.CheckConstraint(
                condition=Q(judged_at=None, accepted=None) | Q(judged_at__isnull=False, accepted__isnull=False)
                & ~Q(reason=""),
                name="explanation_judged_with_reasons",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.auction_id} {self.organisation}"
