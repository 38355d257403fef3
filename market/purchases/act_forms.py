"""The shape of what is typed beside the wizard: files of a notice, why a draft goes back, what an alert was about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.evidence.forms import EvidenceFiles
from market.purchases.words import FINDING_WORDS


class FindingForm(forms.Form):
    """What a supervisor found."""

    finding = forms.ChoiceField(label=_("结论"), widget=forms.RadioSelect, choices=list(FINDING_WORDS.items()))
    text = forms.CharField(
        label=_("查明的事实和处理"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("办结后公开，请不要写姓名、号码。"),
    )
    notes = forms.CharField(
        label=_("内部记录"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有监督人员能看到，不公开。"),
    )


class AttachForm(forms.Form):
    """Files of the notice."""

    files = EvidenceFiles(label=_("附件（批文、需求说明、图纸）"))


class ReturnForm(forms.Form):
    """Why a draft goes back."""

    comment = forms.CharField(label=_("退回意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
