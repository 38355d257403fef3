"""The shape of a list as it is brought in; never law."""

from django import forms
from django.utils.translation import gettext_lazy as _

from blacklist.lists.rules import LISTS


class Issue(forms.Form):
    """A list, its source and day, and its file."""

    key = forms.ChoiceField(label=_("名单"), choices=[(key, row.name) for key, row in LISTS.items()])
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("网站和栏目，或者来文的编号。"))
    as_of = forms.DateField(
        label=_("名单日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("下载或者公布的日期。"),
    )  # fmt: skip
    file = forms.FileField(label=_("名单（.xlsx 或 .csv）"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
