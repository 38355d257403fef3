"""The shape of what is typed about tickets; never law."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.tickets.rules import Result

RESULT_WORDS = {
    Result.FOUNDED: _("属实"),
    Result.PARTLY: _("部分属实"),
    Result.UNFOUNDED: _("不属实"),
    Result.RETURNED: _("不属于本单位职权，退回"),
    Result.TURNED: _("已转入投诉程序"),
}


class Upload(forms.Form):
    """An export of the hotline."""

    file = forms.FileField(label=_("工单（.xlsx 或 .csv）"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


class AnswerForm(forms.Form):
    """The answer to a ticket."""

    result = forms.ChoiceField(
        label=_("办理结果"), choices=[(each.value, words) for each, words in RESULT_WORDS.items()]
    )
    text = forms.CharField(
        label=_("答复"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("原样回传热线，由热线告知诉求人。")
    )


class LinkForm(forms.Form):
    """The complaint a ticket belongs to."""

    complaint = forms.ChoiceField(label=_("关联的投诉"), required=False)

    def __init__(self, *args: Any, complaints: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["complaint"].choices = [("", _("不属于任何投诉")), *complaints]  # type: ignore[attr-defined]
