"""The filters above the list, and a search as its address says it."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.regions import queries as regions
from accounts.templatetags.parts import tongue
from market.notices.index import Asked
from market.notices.models import TYPE_WORDS
from market.projects.models import STAGE_WORDS
from market.projects.rules import Stage
from market.projects.spoken import spoken
from rulebook.regions import HOME, NAMES
from rulebook.terms import USUAL

STAGES = tuple(stage for stage in Stage if stage is not Stage.DRAFT)
ANY = ("", _("全部"))
REGIME_WORDS = {
    "A": _("招标投标法"), "B": _("政府采购法（公开招标）"), "C": _("政府采购法（非招标方式）"), "D": _("中介服务超市"),
}  # fmt: skip
DAY = {"type": "date"}


def places() -> list[tuple[str, Any]]:
    """Where a purchase may be: the regions this installation serves first, then those near by, then all others."""
    own = {row.code: row.called for row in regions.regions()}
    near = {code: name for code, name in sorted(NAMES.items()) if code.startswith(HOME)}
    return [ANY, *({**own, **near, **NAMES} | own).items()]


class Places(forms.Select):
    """Names of places, each saying that it is Chinese on a page in another language."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **more: Any) -> dict[str, Any]:
        """One place."""
        made = super().create_option(name, value, label, *args, **more)
        return made | {"attrs": made["attrs"] | ({"lang": "zh-Hans"} if tongue(label) else {})}


class Filters(forms.Form):
    """What notices are searched by; every field combines with every other."""

    q = forms.CharField(
        label=_("关键词"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search"}),
    )  # fmt: skip
    type = forms.ChoiceField(
        label=_("公告类型"), required=False, choices=[ANY, *((t.value, w) for t, w in TYPE_WORDS.items())]
    )
    place = forms.ChoiceField(
        label=_("采购场所"), required=False,
        choices=[ANY, ("services", _("中介服务超市")), ("tenders", _("招标和其他采购"))],
    )  # fmt: skip
    regime = forms.ChoiceField(label=_("适用法律"), required=False, choices=[ANY, *REGIME_WORDS.items()])
    region = forms.ChoiceField(label=_("地区"), required=False, widget=Places())
    stage = forms.ChoiceField(
        label=_("项目阶段"), required=False,
        choices=lambda: [ANY, *((s.value, str(STAGE_WORDS[s]).format(terms=spoken(USUAL))) for s in STAGES)],
    )  # fmt: skip
    buyer = forms.CharField(label=_("采购人（名称或信用代码）"), max_length=60, required=False)
    since = forms.DateField(label=_("公布日期从"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    item = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput())
    judge = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = cache(places)  # type: ignore[attr-defined]  # looked at more than once a page

    def told(self) -> dict[str, Any]:
        """What was filled in and can be understood; the rest narrows nothing down, and the form says so."""
        self.is_valid()
        return {field: value for field, value in self.cleaned_data.items() if value}

    def asked(self) -> Asked:
        """The search."""
        told = self.told()
        return Asked(**{"words" if field == "q" else field: value for field, value in told.items()})

    def query(self) -> str:
        """The search as an address: the same for the page, the feed and the data."""
        return urlencode({field: str(value) for field, value in self.told().items()})

    def folded(self) -> bool:
        """None of the filters beside the words is in use: they may stay folded."""
        return not (set(self.told()) - {"q", "type"}) and not self.errors
