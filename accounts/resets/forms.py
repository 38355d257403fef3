"""The shape of a request to restore somebody's access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.resets.rules import Lost

LOST_WORDS = {Lost.FACTOR: _("手机、通行密钥等第二验证方式"), Lost.PASSWORD: _("密码")}


class AskForm(forms.Form):
    """Who, what is lost, why, and how it was made sure that it is he."""

    person = forms.ChoiceField(label=_("为谁恢复"))
    lost = forms.ChoiceField(label=_("遗失的是"), choices=LOST_WORDS.items())
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    identity = forms.CharField(
        label=_("怎样核对了本人身份"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：当面核对身份证件；打本人工作电话回拨确认。"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(each.public_id), each.name) for each in people]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """How the second person made sure."""

    reason = forms.CharField(label=_("您怎样核对了本人身份"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
