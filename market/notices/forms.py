"""The shape of the grounds on which a purchase ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.notices.rules import FAILURE_CONTENT
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
