"""The shape of grievances as they are typed; never law."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.complaints.rules import LONGEST, About, Outcome

ABOUT_WORDS = {
    About.DOCUMENTS: _("采购（招标）文件、公告的要求"),
    About.PROCESS: _("开标、评审、选取的过程"),
    About.RESULT: _("中标（成交、中选）结果"),
    About.NOTICE: _("公告为特定对象量身定做、排斥他人"),
    About.PROVIDER: _("供应商、中介服务机构的行为"),
    About.OWNER: _("业主不付款、不验收、不履约"),
    About.STAFF: _("平台、交易中心工作人员"),
    About.EXPERT: _("评审专家"),
}
OUTCOME_WORDS = {
    Outcome.UNFOUNDED: _("投诉事项缺乏事实依据，驳回"),
    Outcome.FABRICATED: _("捏造事实、提供虚假材料或者以非法手段取得证明材料，驳回"),
    Outcome.NO_EFFECT: _("投诉事项成立，不影响采购结果"),
    Outcome.CORRECT: _("投诉事项成立，责令修改后重新开展采购活动"),
    Outcome.VOID: _("投诉事项成立，认定结果无效"),
    Outcome.WARNED: _("投诉事项成立，责令改正"),
}


def lines(text: str) -> list[str]:
    """Points typed one to a paragraph."""
    return [each.strip() for each in text.replace("\r\n", "\n").split("\n") if each.strip()]


def area(label: Any, *, rows: int = 4, help_text: Any = "", required: bool = True) -> forms.CharField:
    """A field of words."""
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class GuideForm(forms.Form):
    """What it is about, of which purchase."""

    about = forms.ChoiceField(label=_("您要反映什么"), choices=[(k.value, v) for k, v in ABOUT_WORDS.items()])
    number = forms.CharField(
        label=_("项目编号"), max_length=32, required=False, help_text=_("与项目有关的请填写；项目页上有编号。")
    )


class StepForm(forms.Form):
    """The points of a first step."""

    points = area(
        _("事项、事实和依据"), rows=6,
        help_text=_("一项一段。以后投诉不得超出这里写明的事项。开启之前不向采购人显示您的名称，请不要在内容中写出。"),
    )  # fmt: skip


class ComplaintForm(forms.Form):
    """A complaint."""

    after = forms.ChoiceField(label=_("已经过的质疑（异议）"), required=False)
    subject = forms.CharField(label=_("被投诉人"), max_length=200, required=False)
    other = forms.CharField(label=_("被投诉单位的统一社会信用代码"), max_length=18, required=False)
    points = area(_("投诉事项、事实和依据"), rows=6, help_text=_("一项一段，每项写明事实和法律依据。"), required=False)
    request = area(_("投诉请求"), rows=2)
    interest = area(_("与本事项的关系"), rows=2, help_text=_("如参加了本次采购、本合同的服务机构、附近的居民。"))
    known_on = forms.DateField(
        label=_("知道的日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    body = forms.ChoiceField(label=_("受理部门"))

    def __init__(
        self, *args: Any, steps: Sequence[tuple[str, str]], bodies: Sequence[tuple[str, str]], purchase: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = list(steps)  # type: ignore[attr-defined]
        self.fields["body"].choices = list(bodies)  # type: ignore[attr-defined]
        if steps:
            del self.fields["known_on"]
            self.fields["points"].help_text = _("一项一段，逐字引用质疑（异议）中的事项；不填写的，即全部事项。")
        else:
            del self.fields["after"]
        if purchase:
            del self.fields["subject"], self.fields["other"]


class DecideForm(forms.Form):
    """What comes of a complaint."""

    outcome = forms.ChoiceField(label=_("处理结果"), widget=forms.RadioSelect)
    text = area(_("认定的事实、理由和依据"), rows=5, help_text=_("须公告的，随公告公布；不得写明投诉人。"))

    def __init__(self, *args: Any, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (each.value, OUTCOME_WORDS[each]) for each in Outcome if each in outcomes
        ]
