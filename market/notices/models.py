"""Notices: what was announced, word for word."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from market.notices.rules import Type
from proofs import canonical

TYPE_WORDS = {
    Type.TENDER: _("采购公告"),
    Type.CORRECTION: _("更正公告"),
    Type.CLARIFICATION: _("澄清公告"),
    Type.FAILURE: _("流标公告"),
    Type.CANCELLATION: _("终止公告"),
    Type.CANDIDATES: _("中标候选人公示"),
    Type.AWARD: _("结果公告"),
    Type.CONTRACT: _("合同公告"),
    Type.SUSPENSION: _("暂停公告"),
    Type.RESUMPTION: _("恢复公告"),
}


class Notice(models.Model):
    """One announcement. `text` is its canonical JSON, byte for byte what its SHA-256 is over; it never changes."""

    Type = Type
    project = models.ForeignKey("market.Project", on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()  # 1, 2, … within the project
    type = models.CharField(max_length=16)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="notice_numbered_once"),
            models.CheckConstraint(condition=Q(type__in=[type.value for type in Type]), name="notice_type_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["published_at"], name="notice_published")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number} {self.type}"

    @property
    def content(self) -> dict[str, Any]:
        return canonical.parse_object(self.text.encode())

    @property
    def type_words(self) -> str:
        row = self.project.procedure
        own = {Type.TENDER: row.notice_title, Type.AWARD: row.award_title, Type.FAILURE: row.failure_title}
        if self.type == Type.CANDIDATES:
            return gettext("{terms.candidate}公示").format(terms=self.project.terms)
        return gettext(own[Type(self.type)]) if self.type in own else str(TYPE_WORDS[Type(self.type)])

    def get_absolute_url(self) -> str:
        if self.number == 1:
            return self.project.get_absolute_url()
        return reverse("market:notice", args=[self.project.number, self.number])


class Telling(models.Model):
    """A notice of which those concerned are told one by one, by a tick, so that its act's length does not count them.

    told_at: when they were; empty while it waits.
    """

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="telling_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}"
