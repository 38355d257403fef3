"""The shape of a region, and of how far an office reaches, as they are typed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from accounts.regions.rules import LONGEST


class RegionForm(forms.Form):
    """A division: its digits, its names, who supervises procurement there."""

    code = forms.CharField(
        label=_("区划代码"), max_length=6, help_text=_("自治区二位，盟市四位，旗县六位，如 1508、150802。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label=_("名称"), max_length=LONGEST)
    name_mn = forms.CharField(label=_("蒙古文名称"), max_length=LONGEST, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=LONGEST, required=False)
    body = forms.ChoiceField(
        label=_("监督部门"), required=False,
        help_text=_("该地区采购的投诉由它受理；没有的，由上一级地区的监督部门受理。"),
    )  # fmt: skip
    phone = forms.CharField(label=_("监督电话"), max_length=32, required=False, help_text=_("公开。"))

    def __init__(self, *args: Any, bodies: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("暂无")), *((each.code, each.name) for each in bodies)]  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """Whose office reaches what."""

    person = forms.ChoiceField(label=_("人员"))
    code = forms.ChoiceField(label=_("辖区"), required=False)

    def __init__(self, *args: Any, people: Sequence[User], regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(str(each.public_id), f"{each.name}（{each.role_words}，{each.organisation}）") for each in people]
        self.fields["person"].choices = told  # type: ignore[attr-defined]
        self.fields["code"].choices = [("", _("全区")), *((each.code, each.called) for each in regions)]  # type: ignore[attr-defined]
