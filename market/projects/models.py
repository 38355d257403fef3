"""The project: one lot of one purchase."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from market.projects.again import Said
from market.projects.local import procedure_at
from market.projects.rules import ENDS, LIFE, PATH, Category, Edition, Method, Procedure, Stage
from market.projects.sides import Mandate, Work, doer
from market.projects.spoken import spoken
from market.projects.stops import BY_KEY, Ground, Stop
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import refuse_if
from rulebook.regions import region_of
from rulebook.terms import Terms
from rulebook.times import iso

STAGE_WORDS = {
    Stage.DRAFT: _("编制"),
    Stage.OPEN: _("{terms.tender}"),
    Stage.DECIDING: _("{terms.opening}{terms.evaluation}"),
    Stage.PROPOSED: _("待定标"),
    Stage.AWARDED: _("{terms.award}"),
    Stage.CONTRACTED: _("合同"),
    Stage.COMPLETED: _("完成"),
    Stage.TERMINATED: _("合同解除"),
    Stage.FAILED: _("{terms.failure}"),
    Stage.CANCELLED: _("终止"),
}
CATEGORY_WORDS = {Category.GOODS: _("货物"), Category.SERVICES: _("服务"), Category.WORKS: _("工程")}
EDITION_WORDS = {
    Edition.LAW_2017: _("财政部令第87号（2017）"),
    Edition.REHEARSAL: _("演练版次（以秒计）"),
    Edition.WORKS_2019: _("招标投标法实施条例（2019）"),
    Edition.WORKS_REHEARSAL: _("工程演练版次（以秒计）"),
    Edition.CONSULTATION_2014: _("竞争性磋商（财库〔2014〕214号）"),
    Edition.CONSULTATION_REHEARSAL: _("竞争性磋商演练版次（以秒计）"),
    Edition.NEGOTIATION_2014: _("竞争性谈判（财政部令第74号）"),
    Edition.NEGOTIATION_REHEARSAL: _("竞争性谈判演练版次（以秒计）"),
    Edition.INQUIRY_2014: _("询价（财政部令第74号）"),
    Edition.INQUIRY_REHEARSAL: _("询价演练版次（以秒计）"),
    Edition.DIRECT: _("直接选取（中介服务超市）"),
    Edition.DIRECT_REHEARSAL: _("直接选取演练版次（以秒计）"),
    Edition.RANDOM: _("随机抽取（中介服务超市）"),
    Edition.RANDOM_REHEARSAL: _("随机抽取演练版次（以秒计）"),
    Edition.SEALED_PRICE: _("竞价选取（中介服务超市）"),
    Edition.SEALED_PRICE_REHEARSAL: _("竞价选取演练版次（以秒计）"),
    Edition.MERIT: _("择优选取（中介服务超市）"),
    Edition.MERIT_REHEARSAL: _("择优选取演练版次（以秒计）"),
    Edition.CREDIT: _("信用择优（中介服务超市）"),
    Edition.CREDIT_REHEARSAL: _("信用择优演练版次（以秒计）"),
    Edition.AUCTION: _("反向竞价（中介服务超市）"),
    Edition.AUCTION_REHEARSAL: _("反向竞价演练版次（以秒计）"),
}


class Project(models.Model):
    """One purchase of one lot, from draft to contract. Its number is random: it says nothing about other projects.

    local: key of the region's own row of `market.projects.local` it was begun under; none where the general one holds.
    officer, drafted_by, approved_by: public ids of people.  publish_at: the planned, then the scheduled minute.
    end_reasons: [{"text", "law"}] once it failed or was cancelled.
    batch: shared by the lots that are tendered together, empty for a purchase alone.  lot: its place, 1 first.
    most_lots: how many of them one bidder may win (兼投不兼中), 0 for any number.
    agent: who acts for the buyer (采购代理机构).  mandate: {"letter", "sha256", "works", "fee", "payer", "contact",
    "phone", "address"} as the letter had it when the purchase began or was handed over; {} without one.
    confirmed_by, confirmed_at: the buyer's person who confirmed what the agent drafted.
    """

    Stage = Stage
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    buyer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    mandate = models.JSONField(default=dict)
    officer = models.CharField(max_length=36)
    contact_name = models.CharField(max_length=64)
    contact_phone = models.CharField(max_length=32)
    address = models.CharField(max_length=200)
    method = models.CharField(max_length=20, default=Method.TENDER.value)
    edition = models.CharField(max_length=20)
    local = models.CharField(max_length=20, null=True)
    category = models.CharField(max_length=10)
    ground = models.CharField(max_length=20, blank=True)  # of `procedure.grounds`; empty before they were asked
    item = models.CharField(max_length=200)
    demand = models.TextField()
    budget = models.DecimalField(max_digits=17, decimal_places=2)
    price_cap = models.DecimalField(max_digits=17, decimal_places=2)
    stage = models.CharField(max_length=12, default=Stage.DRAFT.value)
    stage_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=36)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    returned_comment = models.TextField(blank=True)
    approved_by = models.CharField(max_length=36, blank=True)
    approved_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=36, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField()
    scheduled_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    notice_ends_at = models.DateTimeField(null=True)
    terms_sha256 = models.CharField(max_length=64, blank=True)
    end_reasons = models.JSONField(default=list)
    batch = models.CharField(max_length=32, blank=True)
    lot = models.PositiveSmallIntegerField(default=0)
    most_lots = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=[stage.value for stage in Stage]), name="project_stage_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT.value) | Q(published_at__isnull=False),
                name="project_published_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(batch="", lot=0) | (~Q(batch="") & Q(lot__gte=1)), name="project_lot_of_a_batch"
            ),
            models.UniqueConstraint(fields=["batch", "lot"], condition=~Q(batch=""), name="one_project_a_lot"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")), name="project_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(agent=None) | ~Q(agent=F("buyer")), name="project_agent_is_not_its_buyer"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], condition=~Q(batch=""), name="project_of_batch"),
            models.Index(fields=["published_at"], name="project_published"),
            models.Index(fields=["buyer", "stage"], name="project_of_buyer"),
            models.Index(fields=["agent", "stage"], condition=Q(agent__isnull=False), name="project_of_agent"),
            models.Index(fields=["buyer", "published_at"], name="project_of_buyer_by_day"),
            models.Index(fields=["stage"], name="project_in_stage"),  # ticks ask every second, however many are over
        ]

    @property
    def handed_in(self) -> str:
        """By what a second person names the draft he has read: the instant it was handed in; empty before."""
        return iso(self.submitted_at) if self.submitted_at else ""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def log(self) -> str:
        """The stream its public facts go to."""
        return f"project/{self.number}"

    @property
    def procedure(self) -> Procedure:
        """The row of its method in its edition, as its region's own rule has it."""
        return procedure_at(self.method, self.edition, self.local)

    @property
    def terms(self) -> Terms:
        """What its law calls things."""
        return spoken(self.procedure.terms)

    @property
    def region(self) -> str:
        """Where it is, as its buyer's credit code says; a citizen's is where the platform is."""
        return region_of(self.buyer_id)

    @property
    def stage_words(self) -> str:
        return self._called(Stage(self.stage))

    @property
    def least_to_go_on(self) -> tuple[int, Article]:
        """How many bids must stand the review, and leave quotes; with the article."""
        return self.procedure.least_to_go_on(self.category, self.ground)

    @property
    def category_words(self) -> str:
        return str(CATEGORY_WORDS[Category(self.category)])

    @property
    def edition_words(self) -> str:
        return str(EDITION_WORDS[Edition(self.edition)])

    @property
    def resting(self) -> "Suspension | None":
        """The suspension that has not been ended, if any."""
        return Suspension.objects.filter(project=self, ended_at=None).first()

    @property
    def contracted(self) -> bool:
        """A contract was signed, whatever became of it."""
        return Stage(self.stage) in (Stage.CONTRACTED, Stage.COMPLETED, Stage.TERMINATED)

    @property
    def ended(self) -> bool:
        """It came to nothing: failed or cancelled."""
        return Stage(self.stage) in ENDS

    def get_absolute_url(self) -> str:
        return reverse(self.procedure.page, args=[self.number])

    def doer(self, work: Work) -> str:
        """Whose officers do this kind of act here: the buyer's, or those of the agent it entrusted with it."""
        return doer(work, owner=self.buyer_id, agent=self.agent_id, entrusted=self.mandate.get("works", ()))

    @property
    def letter(self) -> Mandate | None:
        """What its agent may do; None where the buyer does everything itself."""
        if self.agent_id is None:
            return None
        works = tuple(self.mandate["works"])
        return Mandate(owner=self.buyer_id, agent=self.agent_id, **{**self.mandate, "works": works})

    @property
    def preparer(self) -> str:
        """Whose officers draft and publish it."""
        return self.doer(Work.PREPARE)

    @property
    def unconfirmed(self) -> bool:
        """An agent drafted it and the buyer has not confirmed it."""
        return self.preparer != self.buyer_id and self.confirmed_at is None

    def is_officer(self, actor: Actor) -> bool:
        """This actor is of its buyer's side and may see what that side sees; which acts are his, `doer` says."""
        return actor.role.value == "officer" and bool(actor.organisation) and actor.organisation in self.side

    @property
    def side(self) -> tuple[str, ...]:
        """The organisations on the buyer's side: itself, and its agent."""
        return (self.buyer_id, self.agent_id) if self.agent_id else (self.buyer_id,)

    def does(self, work: Work, actor: Actor) -> bool:
        """This actor is an officer of whoever does this here."""
        return actor.role.value == "officer" and actor.organisation == self.doer(work)

    def acting(self, actor: Actor) -> str:
        """For acts that are either's: the actor's own house where it is on the buyer's side, else the buyer."""
        return actor.organisation if self.is_officer(actor) else self.buyer_id

    def steps(self) -> list[dict[str, object]]:
        """The stage bar: each stage of the path as done, now or next; the end where it came to nothing."""
        present = Stage(self.stage)
        reached = PATH.index(present) if present in PATH else len(PATH) if present is Stage.COMPLETED else -1
        steps: list[dict[str, object]] = []
        for place, stage in enumerate(PATH):
            state = "done" if place < reached else "now" if place == reached else "next"
            steps.append({"label": self._called(stage), "state": state})
        if self.ended:
            steps = [{"label": self._called(Stage.OPEN), "state": "done"}, {"label": self.stage_words, "state": "off"}]
        if present is Stage.TERMINATED:
            steps = [{**step, "state": "done"} for step in steps] + [{"label": self.stage_words, "state": "off"}]
        return steps

    def _called(self, stage: Stage) -> str:
        if stage is Stage.PROPOSED and self.procedure.selection:
            return gettext("结果公示")
        if stage is Stage.DECIDING and self.terms.opening == self.terms.evaluation:
            return self.terms.evaluation  # one word for both in the supermarket
        return str(STAGE_WORDS[stage]).format(terms=self.terms)

    def advance(self, to: Stage, *, at: datetime) -> None:
        """Move to another stage. Refused when the table of lives has no such move."""
        refuse_if(LIFE.why_not(Stage(self.stage), to))
        self.stage = to.value
        self.stage_at = at
        self.save(update_fields=["stage", "stage_at"])


class Suspension(models.Model):
    """A stretch of time in which a purchase rests. What began it stays as it was; its end is written once.

    ground: a key of `stops.GROUNDS`.  document: number of the supervision's order.  until: announced when it began.
    matter: public id of the complaint it was ordered on, nobody's to see; empty for others.  body: whose order it is.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="suspensions")
    ground = models.CharField(max_length=20)
    text = models.TextField()
    document = models.CharField(max_length=64, blank=True)
    matter = models.CharField(max_length=36, blank=True)
    body = models.CharField(max_length=200)
    notice = models.OneToOneField("market.Notice", on_delete=models.PROTECT, related_name="+")
    ordered_by = models.CharField(max_length=36)
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=36, blank=True)
    end_text = models.TextField(blank=True)
    end_notice = models.OneToOneField("market.Notice", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project"], condition=Q(ended_at=None), name="one_suspension_at_a_time"),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="suspension_has_length"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_notice=None) | Q(ended_at__isnull=False, end_notice__isnull=False),
                name="suspension_ended_with_notice",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def stop(self) -> Stop:
        """As clocks see it."""
        return Stop(self.ground, self.started_at, self.until, self.ended_at)

    @property
    def row(self) -> Ground:
        """Its ground."""
        return BY_KEY[self.ground]


class Again(models.Model):
    """A project that buys again what failed. Both name each other; what it says of the first is announced with it.

    approval: number of the paper that lets it be bought in another way, empty where the way is the same.
    """

    project = models.OneToOneField("market.Project", on_delete=models.PROTECT, related_name="again")
    before = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="+")
    analysis = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    approval = models.CharField(max_length=64, blank=True)
    begun_by = models.CharField(max_length=36)
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(before=F("project")), name="again_is_another_project"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.project_id}"

    @property
    def said(self) -> Said:
        """As the rules look at it."""
        return Said(self.analysis, self.measures, self.approval)


class ReservedNumber(models.Model):
    """A project number nobody has yet. Key holders prepare for it ahead; a draft takes one of the oldest batch."""

    number = models.CharField(max_length=32, unique=True)
    reserved_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["reserved_at"], condition=Q(taken_at__isnull=True), name="number_free"),
        ]

    def __str__(self) -> str:
        return self.number


class StandsWith(models.Model):
    """Somebody who stands with a bid besides its bidder, as the opened bid says. Append-only.

    key: credit code of a member, keyed hash of a leader's identity number, which is not kept.
    """

    class Kind(models.TextChoices):
        MEMBER = "member"
        LEADER = "leader"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stands_with")
    org = models.CharField(max_length=18)
    key = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=200)
    certificate = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "org", "key"], name="stands_with_a_bid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind}"
