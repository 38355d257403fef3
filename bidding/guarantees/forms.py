"""The shape of a refund."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RefundForm(forms.Form):
    """Whose, empty for all where they are nobody's to know, and on which day."""

    org = forms.CharField(max_length=18, required=False)
    on = forms.DateField(label=_("退还日期"))
