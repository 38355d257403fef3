"""The shape of a search for providers and of an offer."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Search(forms.Form):
    """What the directory of providers is searched by."""

    q = forms.CharField(label=_("机构名称"), max_length=60, required=False)
    item = forms.ChoiceField(label=_("服务事项"), required=False)
    region = forms.CharField(label=_("服务地区"), max_length=60, required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", _("全部")), *items]  # type: ignore[attr-defined]


class Offering(forms.Form):
    """An item and its price."""

    item = forms.ChoiceField(label=_("服务事项"))
    price = forms.DecimalField(
        label=_("价格（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"), required=False,
        help_text=_("逐项议价的不填。"),
    )  # fmt: skip
    unit = forms.CharField(label=_("计价单位"), max_length=20, required=False, help_text=_("如“份”“平方米”。"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items  # type: ignore[attr-defined]
