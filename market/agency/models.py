"""Tables of letters of authorisation: what was offered, and what became of it. Neither is ever changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.agency.rules import ANSWERS, State, Terms, state_of
from market.projects.models import CATEGORY_WORDS
from market.projects.rules import Category
from market.projects.sides import PAYERS, WORK_WORDS, Work

STATE_WORDS = {
    State.OFFERED: _("待代理机构确认"),
    State.AGREED: _("生效"),
    State.DECLINED: _("代理机构未接受"),
    State.TAKEN_BACK: _("已撤回"),
    State.ENDED: _("已终止"),
}


class Entrustment(models.Model):
    """A letter of authorisation (委托代理协议) as a purchaser put it to an agent. Append-only.

    works, categories: values of `Work` and `Category`.  most: yuan, the largest budget of one purchase.  single: for
    one purchase.  first, last: days on which purchases may be begun under it.  payer: key of `PAYERS`.
    contact_name, contact_phone, address: of the purchaser, for the notices.  file: the agreement both signed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    works = models.JSONField()
    categories = models.JSONField()
    most = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    single = models.BooleanField()
    first = models.DateField()
    last = models.DateField()
    fee = models.TextField()
    payer = models.CharField(max_length=8)
    contact_name = models.CharField(max_length=64)
    contact_phone = models.CharField(max_length=32)
    address = models.CharField(max_length=200)
    file = models.ForeignKey("documents.Evidence", on_delete=models.PROTECT, related_name="+")
    offered_by = models.CharField(max_length=36)
    offered_by_name = models.CharField(max_length=64)
    offered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(agent=F("owner")), name="entrustment_to_another"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="entrustment_has_days"),
            models.CheckConstraint(condition=Q(payer__in=list(PAYERS)), name="entrustment_payer_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-id"], name="entrustments_of_owner"),
            models.Index(fields=["agent", "-id"], name="entrustments_of_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} → {self.agent_id} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("market:entrustment", args=[self.public_id])

    @property
    def log(self) -> str:
        """The stream its paper is recorded in."""
        return f"agency/{self.public_id}"

    @property
    def state(self) -> State:
        return state_of([step.kind for step in self.steps.all()])

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def agreed(self) -> "EntrustmentStep | None":
        """The agent's yes, with where it is reached."""
        return next((step for step in self.steps.all() if step.kind == State.AGREED), None)

    @property
    def terms(self) -> Terms:
        """As rules see it."""
        return Terms(
            self.title, frozenset(self.works), frozenset(self.categories), self.most, self.single, self.first,
            self.last, self.fee, self.payer, self.contact_name, self.contact_phone, self.address,
        )  # fmt: skip

    @property
    def works_words(self) -> list[str]:
        return [WORK_WORDS[each] for each in Work if each.value in self.works]

    @property
    def categories_words(self) -> list[str]:
        return [str(CATEGORY_WORDS[Category(each)]) for each in self.categories]

    @property
    def payer_words(self) -> str:
        return PAYERS[self.payer]


class EntrustmentStep(models.Model):
    """What became of a letter: one answer, and its end. Append-only.

    kind: a `State`.  contact_name, contact_phone, address: of the agent, with its yes.
    """

    letter = models.ForeignKey(Entrustment, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    contact_name = models.CharField(max_length=64, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=18)
    by = models.CharField(max_length=36)
    by_name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(kind__in=[each.value for each in ANSWERS]),
                name="entrustment_answered_once",
            ),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(kind=State.ENDED.value), name="entrustment_ended_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.kind}"
