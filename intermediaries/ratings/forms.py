"""The shape of a rating, of its answer and of what was found."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from documents.evidence.forms import EvidenceFiles
from intermediaries.ratings.rules import DIMENSIONS, LEVELS, Finding, Side
from intermediaries.ratings.words import DIMENSION_WORDS, FINDING_WORDS, LEVEL_WORDS

POINTS = [(n, format_lazy(_("{n} 分"), n=n)) for n in LEVELS]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RatingForm(forms.Form):
    """How one is satisfied altogether, points in each dimension, words.  side: who is rated."""

    level = forms.TypedChoiceField(
        label=_("总体评价"), choices=[(n, LEVEL_WORDS[n]) for n in LEVELS], coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, side: Side, **more: Any) -> None:
        super().__init__(*args, **more)
        self.keys = DIMENSIONS[side]
        for key in self.keys:
            self.fields[key] = forms.TypedChoiceField(
                label=DIMENSION_WORDS[key], choices=POINTS, coerce=int, widget=forms.RadioSelect
            )
        self.fields["text"] = forms.CharField(
            label=_("评价"),
            max_length=1000,
            required=False,
            widget=_area(),
            help_text=_("任何一项 2 分及以下的，须写明理由。"),
        )
        self.fields["evidence"] = forms.CharField(
            label=_("依据"), max_length=1000, required=False, widget=_area(2),
            help_text=_("任何一项 2 分及以下的，须写明何时、哪次交付、哪份文件可以证明。"),
        )  # fmt: skip

        self.fields["files"] = EvidenceFiles(
            label=_("证明文件"), required=False,
            help_text=_("PDF、JPEG 或 PNG，每个不超过 20 MB；评价公开后只有双方和监督人员能看到。"),
        )  # fmt: skip

    def rating(self) -> dict[str, Any]:
        """What was said."""
        told = self.cleaned_data
        scores = {key: told[key] for key in self.keys}
        return {"level": told["level"], "scores": scores, "text": told["text"], "evidence": told["evidence"]}


class AnswerForm(forms.Form):
    """What was looked into and put right."""

    text = forms.CharField(label=_("核实情况和整改措施（公开）"), max_length=1000, widget=_area())
    files = EvidenceFiles(
        label=_("证明文件"), required=False,
        help_text=_("PDF、JPEG 或 PNG，每个不超过 20 MB；只有双方和监督人员能看到。"),
    )  # fmt: skip


class FindingForm(forms.Form):
    """What was found."""

    finding = forms.ChoiceField(label=_("结论"), choices=[(f.value, FINDING_WORDS[f][0]) for f in Finding])
    text = forms.CharField(label=_("查明的事实（公开）"), max_length=1000, widget=_area())
