"""The filters above the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from market.notices.models import TYPE_WORDS
from market.projects.models import STAGE_WORDS
from portal.notices.queries import STAGES
from rulebook.terms import USUAL


class Filters(forms.Form):
    """Where it is bought, type of notice and stage of its project."""

    place = forms.ChoiceField(
        label=_("采购场所"), required=False,
        choices=[("", _("全部")), ("services", _("中介服务超市")), ("tenders", _("招标和其他采购"))],
    )  # fmt: skip
    type = forms.ChoiceField(
        label=_("公告类型"), required=False, choices=[("", _("全部")), *((t.value, w) for t, w in TYPE_WORDS.items())]
    )
    stage = forms.ChoiceField(
        label=_("项目阶段"),
        required=False,
        choices=[("", _("全部")), *((s.value, str(STAGE_WORDS[s]).format(terms=USUAL)) for s in STAGES)],
    )
