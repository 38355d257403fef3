"""The shape of an item's draft: texts, and tables written one row a line."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from market.catalogue.rules import LONGEST, MOST_ROWS, Fee, Payer, Type
from market.catalogue.words import FEE_WORDS, PAYER_WORDS, TYPE_WORDS

SPLIT = "｜"


class Text(forms.CharField):
    """A text in one spelling of its letters (NFC), as what is hashed must be."""

    def clean(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().clean(value))


class Rows(Text):
    """Rows of a table, one a line, its cells parted by ｜ or |.  columns: names; the first is always wanted."""

    def __init__(self, columns: Sequence[str], **more: Any) -> None:
        self.columns = columns
        more.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=LONGEST, required=False, **more)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        told = (row if isinstance(row, str) else [str(row.get(name) or "") for name in self.columns] for row in value)
        return "\n".join(row if isinstance(row, str) else f" {SPLIT} ".join(row).rstrip(f" {SPLIT}") for row in told)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_ROWS:
            raise ValidationError(_now("不超过 %(most)s 行"), params={"most": MOST_ROWS})
        if len(self.columns) == 1:
            return lines
        rows = []
        for number, line in enumerate(lines, 1):
            cells = [cell.strip() for cell in line.replace("|", SPLIT).split(SPLIT)]
            if len(cells) > len(self.columns) or not cells[0]:
                raise ValidationError(_now("第 %(n)s 行的格数不对"), params={"n": number})
            rows.append(dict(zip(self.columns, [*cells, *[""] * len(self.columns)], strict=False)))
        return rows


class Price(forms.DecimalField):
    """Yuan a unit, kept as text: what is hashed has one spelling."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=15, decimal_places=2, min_value=Decimal("0.01"), required=False, **more)

    def clean(self, value: Any) -> str:
        read = super().clean(value)
        return "" if read is None else f"{read:.2f}"


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ItemForm(forms.Form):
    """Everything of an item. Nothing is wanted but its name: a draft may be half done."""

    name = Text(label=_("事项名称"), max_length=120)
    name_mn = Text(
        label=_("蒙古文名称"), max_length=200, required=False, widget=forms.TextInput(attrs={"lang": "mn-Mong"}),
        help_text=_("传统蒙古文；页面上竖排显示。"),
    )  # fmt: skip
    type = forms.ChoiceField(label=_("服务类型"), choices=[(t.value, w) for t, w in TYPE_WORDS.items()])
    region = Text(label=_("适用地区"), max_length=60, help_text=_("如“内蒙古自治区”“呼伦贝尔市”。"))
    basis = Rows(
        ("law", "article", "until"), label=_("设置依据"),
        help_text=_("一行一条：法律名称｜条款｜失效日（没有失效日不填）。没有依据的事项不能公布。"),
    )  # fmt: skip
    conditions = Text(label=_("申报条件"), max_length=LONGEST, required=False, widget=_area())
    materials = Rows(
        ("name", "form", "copies"), label=_("申报材料"),
        help_text=_("一行一份：名称｜形式｜份数。逐一列明，不写“其他材料”。"),
    )  # fmt: skip
    process = Rows(("step",), label=_("服务流程"), help_text=_("一行一步。"))
    fee_type = forms.ChoiceField(label=_("定价方式"), choices=[(t.value, w) for t, w in FEE_WORDS.items()])
    fee = Text(label=_("收费标准"), max_length=LONGEST, required=False, widget=_area(2))
    fee_basis = Text(label=_("定价文件文号"), max_length=120, required=False)
    price_unit = Text(
        label=_("计价单位"), max_length=20, required=False,
        help_text=_("政府定价、政府指导价填写，如“平方米”“份”。采购和报价高于下面的价格的，平台不予公告。"),
    )  # fmt: skip
    price_max = Price(label=_("每单位的价格或者最高价（元）"))
    price_min = Price(label=_("每单位的最低价（元）"), help_text=_("指导价有下限的填写。"))
    limit = Text(label=_("办理时限"), max_length=200, required=False, help_text=_("如“20 个工作日”。"))
    complaint = Text(label=_("投诉方式"), max_length=500, required=False, widget=_area(2))
    consultation = Text(label=_("咨询方式"), max_length=500, required=False, widget=_area(2))
    approval_name = Text(label=_("对应审批事项"), max_length=120, required=False)
    approval_code = Text(label=_("对应审批事项编码"), max_length=40, required=False)
    statutory = forms.BooleanField(label=_("法律、法规要求办理的"), required=False)
    payer = forms.ChoiceField(label=_("付费方"), choices=[(p.value, w) for p, w in PAYER_WORDS.items()])
    who_may_apply = Text(label=_("服务对象"), max_length=500, required=False)
    qualifications = Rows(("kind", "grade"), label=_("资质要求"), help_text=_("一行一项：类别｜等级。"))
    qualification_mode = forms.ChoiceField(
        label=_("多项资质"), choices=[("any", _("具备其一即可")), ("all", _("须全部具备"))]
    )
    staff = Rows(("kind", "count"), label=_("执业人员要求"), help_text=_("一行一项：证书类别｜人数。"))
    result = Text(label=_("成果文件"), max_length=500, required=False)
    bundleable = forms.BooleanField(label=_("可以并入多评合一"), required=False)
    parts = Rows(
        ("code",),
        label=_("包含事项"),
        help_text=_("多评合一填写：一行一个事项编码；依据、材料、资质、人员、时限由所含事项合成，不用填。"),
    )
    remarks = Text(label=_("备注"), max_length=LONGEST, required=False, widget=_area(2))

    def clean_basis(self) -> list[dict[str, str]]:
        """Every basis has its article, and a day it ends on is a day."""
        for number, row in enumerate(self.cleaned_data["basis"], 1):
            if not row["article"]:
                raise ValidationError(_now("第 %(n)s 行没有写明条款"), params={"n": number})
            try:
                row["until"] = date.fromisoformat(row["until"]).isoformat() if row["until"] else ""
            except ValueError as wrong:
                raise ValidationError(_now("第 %(n)s 行的失效日应如 2027-12-31"), params={"n": number}) from wrong
        return self.cleaned_data["basis"]

    def clean_staff(self) -> list[dict[str, Any]]:
        """Numbers of people are numbers."""
        for number, row in enumerate(self.cleaned_data["staff"], 1):
            if not (row["count"] or "1").isascii() or not (row["count"] or "1").isdigit():
                raise ValidationError(_now("第 %(n)s 行的人数应为数字"), params={"n": number})
        return [{"kind": row["kind"], "count": int(row["count"] or 1)} for row in self.cleaned_data["staff"]]

    def told(self) -> dict[str, Any]:
        """What the draft holds; choices of the form as their values."""
        said = dict(self.cleaned_data)
        return said | {"type": Type(said["type"]).value, "fee_type": Fee(said["fee_type"]).value,
                       "payer": Payer(said["payer"]).value}  # fmt: skip


class NewItem(forms.Form):
    """The code of a new item."""

    code = forms.CharField(label=_("事项编码"), max_length=30, help_text=_("各级统一编码，如 NM-HP-001。"))


class Publishing(forms.Form):
    """From when a version is in force."""

    effective_from = forms.DateField(
        label=_("生效日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("当天起生效；上一版到前一天为止。"),
    )  # fmt: skip


class Cancelling(forms.Form):
    """Why an item leaves the directory."""

    reason = forms.CharField(label=_("取消的理由"), max_length=500, widget=_area(2))


class Search(forms.Form):
    """What the public directory is searched by."""

    q = forms.CharField(label=_("事项、审批事项的名称（汉、蒙）或编码"), max_length=60, required=False)
    type = forms.ChoiceField(
        label=_("服务类型"), required=False,
        choices=[("", _("全部")), *((t.value, w) for t, w in TYPE_WORDS.items())],
    )  # fmt: skip
    department = forms.ChoiceField(label=_("主管部门"), required=False)
    region = forms.ChoiceField(label=_("适用地区"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("department", "region"):
            self.fields[field].choices = [("", _("全部")), *choices[field]]  # type: ignore[attr-defined]
