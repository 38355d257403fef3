"""The shape of a contract's facts."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class ContractForm(forms.Form):
    """What is put before the winner; a reason where it is late."""

    amount = forms.DecimalField(label=_("合同金额（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"))
    payment = forms.CharField(
        label=_("付款条件、期限和方式"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    delivery = forms.CharField(label=_("履行期限和交付节点"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    late_reason = forms.CharField(
        label=_("逾期签订的原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(
        label=_("合同文件"), widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=_("PDF，不超过 20 MB。只有合同双方和监督人员能看到；摘要记入公开日志。"),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """The winner's yes; a reason where the days are over and the buyer gave none."""

    late_reason = forms.CharField(
        label=_("逾期签订的原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)  # which version was read


class ReturnForm(forms.Form):
    """What is to be changed."""

    reasons = forms.CharField(
        label=_("哪里要改，为什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有合同双方能看到。"),
    )  # fmt: skip
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)  # which version was read
