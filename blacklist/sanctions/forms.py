"""The shape of a recorded decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blacklist.sanctions.rules import BASES


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


class Decision(forms.Form):
    """What the supervision types in from the authority's document."""

    code = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    name = forms.CharField(label=_("单位名称"), max_length=200)
    authority = forms.CharField(label=_("作出决定的机关"), max_length=100)
    decision_no = forms.CharField(label=_("决定书文号"), max_length=60)
    basis = forms.ChoiceField(
        label=_("法律依据"), choices=[(key, f"《{row.law.law}》{row.law.number}") for key, row in BASES.items()]
    )
    grounds = forms.CharField(
        label=_("违法事实"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("照决定书摘要填写。")
    )
    decided_on = _day(_("决定日期"))
    starts_on = _day(_("禁入起始日"))
    ends_on = _day(_("禁入截止日"), help_text=_("截止日当天仍在禁入期内，次日起可以参加。"))


class Lifting(forms.Form):
    """Why a ban ends early."""

    reason = forms.CharField(label=_("解除理由"), max_length=500, help_text=_("如决定被撤销的文号，或信用修复的依据。"))
