"""Sealed offers as they were handed in. Rows are written once and never changed; what is live is derived."""

from django.db import models
from django.db.models import F, Q


class StoredEnvelope(models.Model):
    """Bytes one bidder has uploaded for one part. Not a bid yet: only a signed submission makes it one."""

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    part = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    eid = models.CharField(max_length=32)
    slot = models.PositiveIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("tender", "organisation", "part", "sha256", name="envelope_stored_once"),
        ]


class Upload(models.Model):
    """An envelope on its way in pieces: how much of it has come. The bytes lie in a file named by the key.

    key: known to its bidder alone.  finished_at: when the whole was kept as a StoredEnvelope.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=18)
    part = models.CharField(max_length=8)
    key = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("tender", "organisation", "part", "sha256", name="upload_once"),
            models.CheckConstraint(condition=Q(offset__lte=F("length")), name="upload_within_its_length"),
        ]


class Bid(models.Model):
    """One version of one part of a bid.

    closes_at: the deadline as it stood when this arrived, so that the row itself proves that it was not late.
    traces: sealed to the opening (`bidding.submission.traces`); one of the rows handed in together has it.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="bids")
    organisation = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    gen = models.PositiveIntegerField()
    part = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    eid = models.CharField(max_length=32, unique=True)
    slot = models.PositiveIntegerField()
    env_sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    replaces = models.CharField(max_length=64, blank=True)
    sub = models.TextField()  # JCS of the signed statement
    sub_sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    receipt = models.TextField()  # signed note
    traces = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received_at__lt=F("closes_at")), name="bid_before_the_deadline"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="bid_not_in_the_rehearsal_slot"),
            models.UniqueConstraint("tender", "part", "organisation", "version", name="bid_one_per_version"),
            models.UniqueConstraint("tender", "part", "slot", name="bid_one_per_slot"),
        ]


class Withdrawal(models.Model):
    """A bidder took one part of his bid back before the deadline; it counts as his next version."""

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="withdrawals")
    bid = models.OneToOneField(Bid, models.PROTECT, related_name="withdrawal")
    organisation = models.CharField(max_length=18)
    part = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    wd = models.TextField()
    wd_sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    receipt = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received_at__lt=F("closes_at")), name="withdrawal_before_the_deadline"),
            models.UniqueConstraint("tender", "part", "organisation", "version", name="withdrawal_one_per_version"),
        ]


class LateBid(models.Model):
    """Something that arrived too late, with the signed refusal it got: evidence of when it came."""

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="late_bids")
    organisation = models.CharField(max_length=18)
    code = models.CharField(max_length=32)
    statements_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    refusal = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint("tender", "organisation", "statements_sha256", name="late_bid_refused_once"),
        ]


class Round(models.Model):
    """One round of sealed quotes after a negotiation: who may quote, until when, and its own closing list.

    last: what is quoted in it is final.  digest … closed_at: as of a Closing; empty until its time is over.
    disclosed_at: when, with the result, everybody was told what was quoted in it.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    last = models.BooleanField()
    invited = models.JSONField()  # {organisation: name}
    called_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    nonce = models.BinaryField(default=bytes)
    listing = models.TextField(blank=True)
    fixed_at = models.DateTimeField(null=True)
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    disclosed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("tender", "number", name="round_once"),
            models.CheckConstraint(condition=Q(called_at__lt=F("closes_at")), name="round_takes_time"),
        ]


class Closing(models.Model):
    """The list of live bids, fixed once after the deadline; published when the hall opens, else never.

    entry: `tender.closed`, recorded once the sealed log's checkpoint over the list stands.
    """

    tender = models.OneToOneField("bidding.Tender", models.PROTECT, related_name="closing")
    digest = models.CharField(max_length=64)
    nonce = models.BinaryField()
    listing = models.TextField()  # JCS cls/1
    fixed_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
