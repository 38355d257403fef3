"""The shape of the grounds on which a purchase ends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.notices.rules import FAILURE_CONTENT
from market.projects.stops import LONGEST_TEXT, Ground
from rulebook.refusal import Kind, Reason
from rulebook.terms import Terms

GROUNDS = {
    "few": _("符合专业条件的供应商或者对{terms.documents}作实质响应的供应商不足三家"),
    "unfair": _("出现影响采购公正的违法、违规行为"),
    "price": _("{terms.bidder}的报价均超过了采购预算，{terms.buyer}不能支付"),
    "change": _("因重大变故，采购任务取消"),
}


class EndForm(forms.Form):
    """One of the four grounds of the law, and the facts."""

    ground = forms.ChoiceField(label=_("法定情形"), widget=forms.RadioSelect)
    facts = forms.CharField(
        label=_("具体情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("将在公告中公布。不得写明{terms.bidder}的名称和数量。"),
    )  # fmt: skip

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told = {key: str(text).format(terms=terms) for key, text in GROUNDS.items()}
        self.fields["ground"].choices = list(self._told.items())  # type: ignore[attr-defined]

    def reasons(self) -> tuple[Reason, ...]:
        """The grounds as reasons of the domain."""
        ground = self._told[self.cleaned_data["ground"]]
        facts = self.cleaned_data["facts"].strip()
        return (
            Reason("project.ground", Kind.NOT_NOW, "{ground}：{facts}", FAILURE_CONTENT,
                   {"ground": ground, "facts": facts}),
        )  # fmt: skip


class SuspendForm(forms.Form):
    """Why a purchase is to rest, on whose paper, until when."""

    ground = forms.ChoiceField(label=_("法定情形"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("事由"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("将在公告中公布。不得写明投诉人、{terms.bidder}的名称和数量。"),
    )  # fmt: skip
    document = forms.CharField(label=_("暂停通知文号"), max_length=64, required=False)
    until = forms.DateTimeField(
        label=_("最迟暂停至（北京时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    )

    def __init__(self, *args: Any, grounds: Sequence[Ground] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (row.key, f"{row.words}（{row.law}，不超过{row.most.words}）") for row in grounds
        ]
        if grounds and not any(row.numbered for row in grounds):
            del self.fields["document"]


class ResumeForm(forms.Form):
    """Why it goes on."""

    text = forms.CharField(label=_("恢复的理由"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
