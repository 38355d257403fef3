"""The shape of what is typed when a firm is picked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from market.selection.rules import LONGEST_REASON


class PickForm(forms.Form):
    """Why this one."""

    reason = forms.CharField(
        label=_("选定的理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("与结果一起公布，任何人都能看到。"),
    )  # fmt: skip
