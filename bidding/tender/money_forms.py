"""The fields of a draft on price points and preferences. Shape only, never law."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from market.projects.policies import SET_ASIDE
from proofs.prices import FORMULAS, LOWEST


def _param(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=6, decimal_places=3, **more)


class MoneyFields(forms.Form):
    """How prices earn points, with the parameters of the formula; and what is preferred by policy."""

    formula = forms.ChoiceField(
        label=_("价格分计算方法"), choices=[(key, row.name) for key, row in FORMULAS.items()], required=False,
        initial=LOWEST, help_text=_("政府采购只可用低价优先法；工程招标可在招标文件中另定，并填写下面的参数。"),
    )  # fmt: skip
    k = _param(_("下浮系数"), help_text=_("如 0.05"))
    k_drawn = forms.CharField(
        label=_("开标时抽取的下浮系数"), required=False, max_length=600,
        help_text=_("列出候选值，如 0.01 0.02 0.03；唱标后由三方随机数抽取其一，上面一格留空。"),
    )  # fmt: skip
    over = _param(_("每高于基准价1%扣分"))
    under = _param(_("每低于基准价1%扣分"))
    step = _param(_("每个名次减分"))
    consortium_percent = _param(_("联合体、分包价格扣除（%）"), help_text=_("小微企业份额达30%的，4 至 6；不设的留空"))
    domestic_percent = _param(_("本国产品价格扣除（%）"), help_text=_("货物 20；不设的留空"))
    set_aside = forms.BooleanField(label=_("专门面向中小企业采购"), required=False)

    def money(self) -> dict[str, Any]:
        """The formula and the policies as the tender takes them; None where there are none."""
        told = self.cleaned_data
        key = told["formula"] or LOWEST
        drawn = sorted({_number(text) for text in re.split(r"[\s,，、;；]+", told["k_drawn"]) if text})
        params = {name: plain(told[name]) for name in FORMULAS[key].params if told[name] is not None}
        shares = {"consortium": told["consortium_percent"], "subcontract": told["consortium_percent"],
                  "domestic": told["domestic_percent"]}  # fmt: skip
        policies = {name: plain(percent / 100) for name, percent in shares.items() if percent}
        if told["set_aside"]:
            policies[SET_ASIDE] = "0"
        named = {"key": key, "params": params, **({"draw": {"k": drawn}} if drawn else {})}
        return {"formula": None if key == LOWEST else named, "policies": policies or None}


def initial(formula: dict[str, Any] | None, policies: dict[str, str] | None) -> dict[str, Any]:
    """What the fields show for a draft."""
    shares = policies or {}
    percents = {f"{name}_percent": Decimal(shares[name]) * 100 for name in ("consortium", "domestic") if name in shares}
    named = formula or {"key": LOWEST, "params": {}}
    drawn = " ".join(named.get("draw", {}).get("k", ()))
    return {"formula": named["key"], **named["params"], "k_drawn": drawn, **percents, "set_aside": SET_ASIDE in shares}


def _number(text: str) -> str:
    """What was typed, in one spelling if it is a number; what is none is refused with the formula."""
    return plain(Decimal(text)) if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,6})?", text, re.ASCII) else text[:12]


def plain(value: Decimal) -> str:
    """A number without exponent or needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
