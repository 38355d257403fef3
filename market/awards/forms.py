"""The shape of what is typed at the award desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    """Why the winner declines."""

    reason = forms.CharField(label=_("放弃中标的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DelayForm(forms.Form):
    """Why the buyer needs longer."""

    text = forms.CharField(label=_("合法理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
