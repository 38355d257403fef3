"""The shape of questions and changes as they are typed; never law."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from bidding.changes.models import Question
from bidding.changes.rules import LONGEST_QUESTION, MOST_DIFFERENCES
from bidding.tender.forms import Moment, Words

SPARE_ROWS = 2
AFFECTS = [("yes", _("可能影响文件编制")), ("no", _("不影响文件编制"))]


class AskForm(forms.Form):
    """One question."""

    text = Words(
        label=_("问题"), rows=4, longest=LONGEST_QUESTION,
        help_text=_("答复后，问题与答复向所有人公开，不显示提问单位。请不要写明本单位名称、人员和联系方式。"),
    )  # fmt: skip


class SeveralFiles(forms.ClearableFileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, none of them empty; the list may be."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [forms.FileField.clean(self, each, initial) for each in given]


class ChangeForm(forms.Form):
    """What is said, whether it may affect bids, until when bids are then due."""

    text = Words(label=_("说明"), rows=4, required=False, help_text=_("将公告，并通知所有已获取文件的供应商。"))
    documents = Files(
        label=_("新的{terms.documents}"), required=False,
        help_text=_("可选多个。与现有文件同名的成为其新版本，原版本仍可查阅并标明已被替代。"),
    )  # fmt: skip
    may_affect = forms.ChoiceField(label=_("对{terms.file}编制的影响"), choices=AFFECTS, widget=forms.RadioSelect)
    closes_at = Moment(label=_("顺延后的{terms.deadline}及{terms.opening}时间"), required=False)

    def __init__(self, *args: Any, questions: Sequence[Question], earliest: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.questions = list(questions)
        for each in self.questions:
            self.fields[f"answer-{each.public_id}"] = Words(label=_("答复"), rows=3, longest=4000, required=False)
        self.fields["closes_at"].help_text = _(
            "不顺延的留空。可能影响{terms.file}编制而时间不足的，须顺延至 {earliest} 或者以后。"
        ).replace("{earliest}", earliest)  # the words of its law are put in with the labels

    def asked(self) -> list[tuple[Question, Any]]:
        """Each open question with the field for its answer."""
        return [(each, self[f"answer-{each.public_id}"]) for each in self.questions]

    def answers(self) -> dict[str, str]:
        """The answers that were typed, by question."""
        typed = {str(each.public_id): self.cleaned_data[f"answer-{each.public_id}"] for each in self.questions}
        return {key: text for key, text in typed.items() if text.strip()}

    @property
    def moved(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["closes_at"]
        return found


class DifferenceForm(forms.Form):
    """One place that reads differently from now on."""

    place = forms.CharField(label=_("位置"), max_length=120, help_text=_("如“第三章第 2 条”"))
    was = Words(label=_("原内容"), rows=2, longest=2000, required=False)
    now = Words(label=_("更正后"), rows=2, longest=2000, required=False)


class _Rows(BaseFormSet):
    def filled(self) -> list[tuple[str, str, str]]:
        """The rows that were filled in."""
        typed = [form.cleaned_data for form in self.forms if form.cleaned_data.get("place")]
        return [(row["place"], row["was"], row["now"]) for row in typed]


DifferenceRows = formset_factory(
    DifferenceForm, formset=_Rows, extra=SPARE_ROWS, max_num=MOST_DIFFERENCES, absolute_max=MOST_DIFFERENCES
)


class CommentForm(forms.Form):
    """Why a change goes back."""

    comment = Words(label=_("退回意见"), rows=2, longest=2000)
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)  # which change was read
