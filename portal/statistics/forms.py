"""What a reader may narrow the statistics to."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.regions.queries import regions
from portal.statistics.scope import DIMENSIONS, LONGEST, NARROWED, REGIME_WORDS, USUAL, Scope
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.regions import reaches

SUPERVISED = frozenset({Role.SUPERVISOR, Role.AUDITOR})


class Narrow(forms.Form):
    """Days of publication, regime, region, item, buyer, agent; by what the purchases are put side by side."""

    since = forms.DateField(
        label=_("发布自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("发布至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    regime = forms.ChoiceField(label=_("适用制度"), required=False, choices=[("", _("全部")), *REGIME_WORDS.items()])
    region = forms.CharField(label=_("服务地区"), required=False, max_length=60)
    division = forms.ChoiceField(label=_("采购人所在地区"), required=False)
    item = forms.CharField(label=_("事项编码"), required=False, max_length=30)
    buyer = forms.CharField(label=_("采购人代码"), required=False, max_length=18)
    agent = forms.CharField(label=_("代理机构代码"), required=False, max_length=18)
    by = forms.ChoiceField(label=_("分组"), required=False, choices=list(DIMENSIONS.items()))
    played = forms.BooleanField(label=_("只看演练"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(row.code, row.called) for row in regions()]
        if known:
            self.fields["division"].choices = [("", _("全部")), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["division"]


def scope_of(form: Narrow, *, viewer: Actor, at: datetime) -> Scope:
    """The scope somebody asked for: the last year unless he says otherwise, never longer than LONGEST.

    What cannot be read is left out, so that every address leads to a page.
    """
    form.is_valid()
    said = getattr(form, "cleaned_data", {})
    today = day_in_china(at)
    until: date = said.get("until") or today
    since: date = said.get("since") or until - USUAL
    since, until = min(since, until), max(since, until)
    return Scope(
        since=max(since, until - LONGEST),
        until=until,
        by=said.get("by") or "month",
        played=bool(said.get("played")),
        # Citizens one by one, only where the viewer's office reaches all that is counted.
        supervised=viewer.role in SUPERVISED and reaches(viewer.region, str(said.get("division") or "")),
        **{key: said.get(key) or "" for key in NARROWED},
    )
