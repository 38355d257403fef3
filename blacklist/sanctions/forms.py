"""The shape of a recorded decision and of what follows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blacklist.sanctions.rules import BASES, Fact, Gravity
from blacklist.sanctions.words import FACT_WORDS, GRAVITY_WORDS
from rulebook.regions import NAMES


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


class Decision(forms.Form):
    """What the supervision types in from the authority's document."""

    name = forms.CharField(label=_("单位名称或者姓名"), max_length=200, help_text=_("个人的姓名公开时只显示姓。"))
    code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    id_number = forms.CharField(
        label=_("身份证号码"), max_length=18, required=False,
        help_text=_("对象是个人时填写，只用于核对本人，不保存、不公开。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    authority = forms.CharField(label=_("作出决定的机关"), max_length=100)
    decision_no = forms.CharField(label=_("决定书文号"), max_length=60)
    basis = forms.ChoiceField(
        label=_("法律依据"), choices=[(key, f"《{row.law.law}》{row.law.number}") for key, row in BASES.items()]
    )
    region = forms.ChoiceField(
        label=_("适用地区"), required=False, choices=[("", _("全国")), *NAMES.items()],
        help_text=_("决定书限定地区的才选择。"),
    )  # fmt: skip
    gravity = forms.ChoiceField(
        label=_("失信程度"), choices=list(GRAVITY_WORDS.items()), initial=Gravity.SERIOUS.value, required=False,
        help_text=_("决定最短、最长的公示期。"),
    )  # fmt: skip
    grounds = forms.CharField(
        label=_("违法事实"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("照决定书摘要填写。")
    )
    decided_on = _day(_("决定日期"))
    starts_on = _day(_("禁入起始日"))
    ends_on = _day(_("禁入截止日"), help_text=_("截止日当天仍在禁入期内，次日起可以参加。"))
    publish_until = _day(_("公示截止日"), required=False, help_text=_("不填的，随禁入期公示，最长不超过规定。"))

    def clean_gravity(self) -> str:
        """Serious where nothing is chosen."""
        return self.cleaned_data["gravity"] or Gravity.SERIOUS.value

    def clean(self) -> dict[str, Any]:
        """One subject: a body by its code or a person by his number."""
        told = super().clean() or self.cleaned_data
        if bool(told.get("code")) == bool(told.get("id_number")):
            self.add_error("code", _("请填写单位的统一社会信用代码，或者个人的身份证号码，二者填一"))
        return told


class Following(forms.Form):
    """What followed a decision."""

    fact = forms.ChoiceField(label=_("事项"), choices=[(fact.value, FACT_WORDS[fact]) for fact in Fact])
    authority = forms.CharField(
        label=_("作出机关"), max_length=100, help_text=_("复议机关、法院、原机关或者信用平台。")
    )
    document_no = forms.CharField(label=_("文书编号"), max_length=60)
    reason = forms.CharField(
        label=_("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("照文书摘要填写；仅提起复议、诉讼不停止执行。"),
    )  # fmt: skip
