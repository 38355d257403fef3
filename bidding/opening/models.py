"""How far inside the opening a tender is, and what was released in it."""

from django.db import models


class FewStatement(models.Model):
    """The supervisor's signed word that too few bids are on the closing list. Says nothing about how many or whose."""

    closing = models.OneToOneField("bidding.Closing", models.PROTECT, related_name="few")
    organisation = models.CharField(max_length=18)
    statement = models.TextField()
    at = models.DateTimeField()


class Opening(models.Model):
    """One session of a tender's opening. Its instants say how far it is; each is written once.

    session: 1 first; a tender has as many as its layout of parts.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="openings")
    session = models.PositiveSmallIntegerField(default=1)
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    turn_ends = models.DateTimeField()  # of the present turn: the bidders', the holders', the rescuers'
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=12, blank=True)  # host or supervisor: who may let it go on
    bidders_done_at = models.DateTimeField(null=True)
    rescue_from = models.DateTimeField(null=True)
    causes_from = models.DateTimeField(null=True)
    read_out_at = models.DateTimeField(null=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("tender", "session", name="opening_once_a_session")]


class HostLease(models.Model):
    """Which officer holds the hall, and until when without another sign of presence."""

    tender = models.OneToOneField("bidding.Tender", models.PROTECT, related_name="host_lease")
    person = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    until = models.DateTimeField()


class Admission(models.Model):
    """A bidder who passed what was judged after the first session, and may be opened in the next. Written once."""

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="admissions")
    organisation = models.CharField(max_length=18)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("tender", "organisation", name="admitted_once")]


class OpeningUnit(models.Model):
    """One live envelope on the closing list, and what became of it."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="units")
    bid = models.OneToOneField("bidding.Bid", models.PROTECT, related_name="unit")
    verdict = models.CharField(max_length=24, blank=True)
    findings = models.JSONField(default=list)
    sheet = models.JSONField(null=True)
    consortium = models.JSONField(
        null=True
    )  # {"members": [{"org", "name", "work", "confirmed"}], "agreement", "fault"}
    guarantee = models.JSONField(null=True)  # proofs.guarantee.Guarantee, or {"fault"} where it cannot be read
    files = models.JSONField(default=list)  # [{"name", "size", "sha256"}] of what was opened and is not read out
    decided_at = models.DateTimeField(null=True)
    damaged_at = models.DateTimeField(null=True)  # the stored file was not the promised one; empty again once restored


class Release(models.Model):
    """One signed release: a bidder's half, a holder's slot key, a bidder's rescue.

    good: it was what the envelope's header or the manifest promises; a holder's wrong key is kept as evidence.
    note: the signed word that it was taken.
    """

    class Role(models.TextChoices):
        BIDDER = "b"
        HOLDER = "c"
        RESCUE = "rescue"

    unit = models.ForeignKey(OpeningUnit, models.PROTECT, related_name="releases")
    role = models.CharField(max_length=8, choices=Role.choices)
    member = models.PositiveSmallIntegerField(default=0)  # the holder's number in the manifest; 0 = the bidder
    organisation = models.CharField(max_length=18)
    statement = models.TextField()
    good = models.BooleanField()
    note = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "role", "member", "good", name="release_one_good_one_wrong"),
        ]


class FailedAttempt(models.Model):
    """A try to release that did not fit its envelope; the first few are kept."""

    unit = models.ForeignKey(OpeningUnit, models.PROTECT, related_name="attempts")
    code = models.CharField(max_length=32)
    at = models.DateTimeField()


class CauseStatement(models.Model):
    """What host or witness says was the cause that a bid did not open; the newest of each side counts."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="cause_statements")
    bidder = models.CharField(max_length=18)
    side = models.CharField(max_length=8)
    cause = models.CharField(max_length=8)
    reason = models.TextField()
    person = models.CharField(max_length=64)
    at = models.DateTimeField()


class CauseDecision(models.Model):
    """The decided cause; a supervisor's later one stands over it.

    Law: 电子招标投标办法 第31条.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="cause_decisions")
    bidder = models.CharField(max_length=18)
    cause = models.CharField(max_length=8)
    how = models.CharField(max_length=12)
    reason = models.TextField()
    person = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()


class IncidentReport(models.Model):
    """What one person reports as an outage; it lengthens nothing before a second one has confirmed it."""

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="incident_reports")
    number = models.CharField(max_length=32)
    since = models.DateTimeField()
    until = models.DateTimeField()
    cause = models.TextField()
    person = models.CharField(max_length=64)
    organisation = models.CharField(max_length=18)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("tender", "number", name="incident_reported_once")]


class Incident(models.Model):
    """An outage of the platform, put down with a number: it lengthens what ran, for everybody alike.

    person: who confirmed what another had reported under the same number.
    """

    tender = models.ForeignKey("bidding.Tender", models.PROTECT, related_name="incidents")
    number = models.CharField(max_length=32)
    since = models.DateTimeField()
    until = models.DateTimeField()
    cause = models.TextField()
    person = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("tender", "number", name="incident_once")]


class HallMessage(models.Model):
    """One message between host and bidders. sender, to: "host", "all" or a bidder's code.

    commitment: what the public log holds of one that is not for all; salt opens it.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="messages")
    sender = models.CharField(max_length=18)
    to = models.CharField(max_length=18)
    text = models.CharField(max_length=300)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()
    salt = models.BinaryField(default=bytes)
    commitment = models.CharField(max_length=64, blank=True)


class Mute(models.Model):
    """A bidder's messages were stopped, or let through again; the newest counts."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="mutes")
    bidder = models.CharField(max_length=18)
    muted = models.BooleanField()
    reason = models.CharField(max_length=300)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()


class IdentityCheck(models.Model):
    """What the host found of a bidder's identity and deposit; the newest counts."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="identity_checks")
    bidder = models.CharField(max_length=18)
    fits = models.BooleanField()
    by_hand = models.BooleanField()  # seen in person or by telephone, not through the site
    deposit = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, blank=True)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()


class PriceCheck(models.Model):
    """A bidder said whether what was read out for him is his quote; once."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="price_checks")
    bidder = models.CharField(max_length=18)
    agrees = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    sheet_sha256 = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("opening", "bidder", name="price_checked_once")]


class Reading(models.Model):
    """The host lets the table be read to everybody at once, or stops it (`begins_at` is empty). The newest counts."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="readings")
    orgs = models.JSONField(default=list)  # whose rows, in order
    begins_at = models.DateTimeField(null=True)
    seconds = models.PositiveSmallIntegerField(default=0)  # a row
    person = models.CharField(max_length=64)
    at = models.DateTimeField()


class HolderTurn(models.Model):
    """One holder has released everything asked of him in one part; a body's releases are committed to, not shown."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="turns")
    part = models.CharField(max_length=8)
    member = models.PositiveSmallIntegerField()
    organisation = models.CharField(max_length=18)
    releases_sha256 = models.CharField(max_length=64)  # of the public blob, or a salted commitment
    salt = models.BinaryField(default=bytes)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("opening", "part", "member", name="holder_turn_once")]


class Disclosure(models.Model):
    """What happened behind closed doors is public from here."""

    tender = models.OneToOneField("bidding.Tender", models.PROTECT, related_name="disclosure")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Attendance(models.Model):
    """A bidder said that he is here."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="attendances")
    organisation = models.CharField(max_length=18)
    statement = models.TextField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("opening", "organisation", name="attendance_once")]


class Acknowledgement(models.Model):
    """Somebody signed the opening record."""

    class As(models.TextChoices):
        BIDDER = "bidder"
        WITNESS = "witness"
        HOST = "host"

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="acknowledgements")
    organisation = models.CharField(max_length=18)
    role = models.CharField(max_length=8, choices=As.choices)
    statement = models.TextField()
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("opening", "organisation", "role", name="acknowledged_once")]


class HallObjection(models.Model):
    """An objection raised during the opening, which the host answers on the spot.

    Law: 招标投标法实施条例 第44条.
    """

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="objections")
    organisation = models.CharField(max_length=18)
    text = models.TextField()
    statement = models.TextField()
    statement_sha256 = models.CharField(max_length=64)
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("opening", "statement_sha256", name="objection_once")]
