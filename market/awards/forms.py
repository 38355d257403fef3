"""The shape of what is typed at the award desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    """Why the winner declines."""

    reason = forms.CharField(
        label=_("放弃{terms.award}的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ObjectionForm(forms.Form):
    """What is wrong with the candidates."""

    text = forms.CharField(
        label=_("异议的事项和理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("只有{terms.buyer}能看到提出单位和内容。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The buyer's answer to an objection."""

    text = forms.CharField(label=_("答复"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class DelayForm(forms.Form):
    """Why the buyer needs longer."""

    text = forms.CharField(label=_("合法理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
