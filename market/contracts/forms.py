"""The shape of a contract's facts."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class ContractForm(forms.Form):
    """Amount and day; a reason where it is late."""

    amount = forms.DecimalField(label=_("合同金额（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"))
    signed_on = forms.DateField(label=_("签订日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    late_reason = forms.CharField(
        label=_("逾期签订的原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
