"""The shape of the grounds on which a purchase ends."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.projects.endings import LONGEST_FACTS, possible
from market.projects.rules import Procedure, Stage
from market.projects.stops import LONGEST_TEXT, Ground


class EndForm(forms.Form):
    """One of the grounds the law of the purchase knows, and the facts."""

    ground = forms.ChoiceField(label=_("法定情形"), widget=forms.RadioSelect)
    facts = forms.CharField(
        label=_("具体情况"), max_length=LONGEST_FACTS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("将在公告中公布。不得写明{terms.bidder}的名称和数量。"),
    )  # fmt: skip

    def __init__(self, *args: Any, row: Procedure, to: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(each.key, each.words.format(terms=row.terms), each.article(row)) for each in possible(row, to=to)]
        choices = [(key, f"{words}（{law}）") for key, words, law in told]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["ground"].initial = choices[0][0]


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
