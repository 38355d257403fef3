"""The shape of a declared bond."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from experts.affiliates.rules import Bond

BOND_WORDS = {
    Bond.HOLDING: _("甲直接控股乙"),
    Bond.MANAGING: _("甲管理乙"),
    Bond.ONE_HEAD: _("甲、乙的负责人为同一人"),
}


class Declaring(forms.Form):
    """Two organisations, how and since when they belong together, and where that can be read."""

    bond = forms.ChoiceField(label=_("关系"), choices=[(bond.value, words) for bond, words in BOND_WORDS.items()])
    one = forms.CharField(label=_("甲方统一社会信用代码"), max_length=18)
    one_name = forms.CharField(label=_("甲方名称"), max_length=120)
    other = forms.CharField(label=_("乙方统一社会信用代码"), max_length=18)
    other_name = forms.CharField(label=_("乙方名称"), max_length=120)
    since = forms.DateField(label=_("起始日"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=_("结束日"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("仍然存在的不填；结束后三年内仍须回避。"),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("如国家企业信用信息公示系统、章程、任命文件。")
    )

    def told(self) -> dict[str, Any]:
        """What the act takes."""
        said = dict(self.cleaned_data)
        return said | {
            "bond": Bond(said["bond"]), "one": said["one"].strip().upper(), "other": said["other"].strip().upper(),
        }  # fmt: skip


class Ending(forms.Form):
    """When it ended."""

    until = forms.DateField(label=_("结束日"), widget=forms.DateInput(attrs={"type": "date"}))
