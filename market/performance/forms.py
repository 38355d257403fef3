"""The shape of what both sides say under a contract."""

from decimal import Decimal
from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from market.performance.acting import Given, received
from market.performance.rules import MOST_MILESTONES, Line, Outcome

MORE = 2  # empty rows under the milestones there are, unless more are asked for


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _yuan(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=15, decimal_places=2, min_value=Decimal("0.01"), **more)


class SeveralFiles(forms.ClearableFileInput):
    """A file control that takes several."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files; the list may be empty."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Given]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        kept = [forms.FileField.clean(self, each, initial) for each in given]
        return [received(each.name, cast(BinaryIO, each.file), size=each.size) for each in kept]


class MilestoneForm(forms.Form):
    """One row of a plan; an empty one does not count."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what = forms.CharField(label=_("交付什么"), max_length=300, required=False)
    due_on = _day(_("交付日期"), required=False)
    amount = _yuan(_("金额（元）"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        wanted = {field: told.get(field) for field in ("what", "due_on", "amount")}
        if any(wanted.values()):
            for field, value in wanted.items():
                if not value and field not in self.errors:
                    self.add_error(field, _("这一行没有填完"))
        return told


def milestones(data: Any = None, *, initial: Any = None, more: int = MORE) -> Any:
    """The rows of a plan.  more: empty ones under those there are."""
    rows = forms.formset_factory(MilestoneForm, extra=more, max_num=MOST_MILESTONES, absolute_max=MOST_MILESTONES + 10)
    return rows(data, initial=initial, prefix="m")


def lines(formset: Any) -> list[Line]:
    """The rows that were filled in. A row keeps the number it has, a new one gets the next."""
    filled = [row.cleaned_data for row in formset if row.cleaned_data.get("what")]
    following = max((row["number"] or 0 for row in filled), default=0)
    told = []
    for row in filled:
        if not row["number"]:
            following += 1
        told.append(Line(row["number"] or following, row["what"], row["due_on"], row["amount"]))
    return sorted(told, key=lambda line: line.number)


class ReasonForm(forms.Form):
    """Why the contract is changed."""

    reason = forms.CharField(
        label=_("变更理由"), max_length=1000, required=False, widget=_area(2),
        help_text=_("首次填写不需要；之后的变更须写明，并公开。"),
    )  # fmt: skip


class SettleForm(forms.Form):
    """Agree, or say what is to be changed."""

    agree = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, empty_value=False, required=False)
    reason = forms.CharField(label=_("修改意见"), max_length=1000, required=False, widget=_area(2))
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)  # which version was read


class DeliverForm(forms.Form):
    """What is handed over."""

    milestone = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("交付说明"), max_length=4000, required=False, widget=_area())
    files = Files(
        label=_("成果文件"), required=False, help_text=_("可选多个，每个不超过 50 兆字节；只有合同双方能看到。")
    )


class InspectForm(forms.Form):
    """What the buyer makes of it."""

    milestone = forms.IntegerField(widget=forms.HiddenInput)
    accepted = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, empty_value=False, required=False)
    reasons = forms.CharField(
        label=_("退回理由和整改要求"), max_length=4000, required=False, widget=_area(),
        help_text=_("退回时必填，只有合同双方能看到。"),
    )  # fmt: skip


class NoticeForm(forms.Form):
    """Why the contract is to end."""

    grounds = forms.CharField(
        label=_("事实和理由"), max_length=2000, widget=_area(4), help_text=_("合同解除后，与对方的答复一并公开。")
    )
    files = Files(label=_("证据文件"), help_text=_("可选多个；只有合同双方和监督人员能看到。"))


class ReplyForm(forms.Form):
    """What the other side says."""

    agrees = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, empty_value=False, required=False)
    text = forms.CharField(
        label=_("答复"), max_length=2000, required=False, widget=_area(), help_text=_("有异议时必填。")
    )
    files = Files(label=_("证据文件"), required=False)
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)  # which notice was read


class DecideForm(forms.Form):
    """How a dispute was decided elsewhere."""

    outcome = forms.ChoiceField(
        label=_("结果"), choices=[(Outcome.DECIDED.value, _("合同解除")), (Outcome.REJECTED.value, _("合同继续履行"))]
    )
    text = forms.CharField(label=_("文书名称、文号和内容"), max_length=1000, widget=_area())


class InvoiceForm(forms.Form):
    """An invoice."""

    invoice = forms.CharField(label=_("发票号码"), max_length=40, help_text=_("只有合同双方能看到。"))
    amount = _yuan(_("金额（元）"))
    issued_on = _day(_("开票日期"))


class PaymentForm(forms.Form):
    """A payment."""

    amount = _yuan(_("金额（元）"))
    paid_on = _day(_("付款日期"))
    reference = forms.CharField(label=_("凭证号"), max_length=80, required=False)


class ArrivedForm(forms.Form):
    """Whether it arrived."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    received = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, empty_value=False, required=False)
    text = forms.CharField(label=_("未收到或者金额不符的情况"), max_length=500, required=False)
