"""Shape of what the owner of an alert says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.monitors.rules import BY_PEOPLE
from supervision.monitors.words import FINDING_WORDS


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CloseForm(forms.Form):
    """What was found."""

    finding = forms.ChoiceField(
        label=_("结论"), widget=forms.RadioSelect,
        choices=[(value, words) for value, words in FINDING_WORDS.items() if value in BY_PEOPLE],
    )  # fmt: skip
    text = forms.CharField(label=_("查明的事实和处理"), max_length=1000, widget=_area(4))


class NoteForm(forms.Form):
    """What was done so far."""

    note = forms.CharField(label=_("办理情况"), max_length=1000, widget=_area(2))


class HandForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=_("移交给"))
    why = forms.CharField(label=_("移交理由"), max_length=1000, widget=_area(2))

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = others  # type: ignore[attr-defined]
