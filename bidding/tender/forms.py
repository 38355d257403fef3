"""The shape of what an officer types; never law."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from bidding.tender import drafting, money_forms
from bidding.tender.layouts import Envelopes
from bidding.tender.models import Tender
from bidding.tender.money_forms import MoneyFields
from bidding.tender.rules import THRESHOLD, GuaranteeForm
from market.projects import services as projects
from market.projects.again import LONGEST_SAID
from market.projects.models import CATEGORY_WORDS, EDITION_WORDS
from market.projects.rules import PROCEDURES, Edition

MOST_FACTORS = 60
GUARANTEE_WORDS = {
    GuaranteeForm.BANK.value: _("银行保函"),
    GuaranteeForm.INSURANCE.value: _("保证保险"),
    GuaranteeForm.TRANSFER.value: _("转账"),
}
SPARE_ROWS = 2
ENVELOPE_WORDS = {Envelopes.ONE: _("单信封：价格与技术文件一次开启"), Envelopes.TWO: _("双信封：先技术，后报价")}


class MomentInput(forms.DateTimeInput):
    """A date and time in the browser's own control, to the second where the periods are in seconds."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class Moment(forms.DateTimeField):
    """An instant, typed and shown in Beijing time."""

    widget = MomentInput


class Words(forms.CharField):
    """Prose of several lines."""

    def __init__(self, *, rows: int = 5, longest: int = 8000, **more: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=longest, widget=widget, **more)


def editions() -> list[tuple[str, Any]]:
    """The editions this site may use: none that is not for real where purchases are real."""
    return [
        (row.edition.value, EDITION_WORDS[row.edition])
        for row in PROCEDURES.values()
        if row.selection is None and (row.for_real or not settings.PRODUCTION)
    ]


def grounds() -> list[tuple[str, Any]]:
    """Every case in which the law allows another method than public tender, and which it is."""
    found: dict[str, tuple[str, list[str]]] = {}
    for row in PROCEDURES.values():
        for ground in row.grounds:
            titles = found.setdefault(ground.key, (ground.words, []))[1]
            titles += [row.title] if row.title not in titles else []
    return [("", _("公开招标、询价不填"))] + [
        (key, f"{'、'.join(titles)}：{words}") for key, (words, titles) in found.items()
    ]


class ProjectForm(MoneyFields):
    """Item, money, timetable, criteria: everything but the scoring factors and the files."""

    title = forms.CharField(label=_("项目名称"), max_length=200)
    category = forms.ChoiceField(
        label=_("采购类别"), choices=[(key.value, words) for key, words in CATEGORY_WORDS.items()]
    )
    edition = forms.ChoiceField(label=_("程序版次"), choices=editions, initial=Edition.LAW_2017.value)
    ground = forms.ChoiceField(
        label=_("适用情形"), choices=grounds, required=False,
        help_text=_("采用磋商、谈判的必须选定；随公告公布，并决定几家供应商方可继续"),
    )  # fmt: skip
    item = forms.CharField(label=_("采购标的"), max_length=200, help_text=_("名称、数量，如“空气质量自动监测站 2 套”"))
    demand = Words(label=_("采购需求"), help_text=_("技术、服务、交付、验收要求。须完整、明确。"))
    budget = forms.DecimalField(
        label=_("采购预算（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"), localize=False
    )
    price_cap = forms.DecimalField(
        label=_("最高限价（元）"),
        max_digits=15,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=_("不得高于预算"),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=64)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=32)
    address = forms.CharField(label=_("联系地址"), max_length=200)
    publish_at = Moment(label=_("计划发布时间"))
    supply_ends_at = Moment(label=_("{terms.documents}提供至"), help_text=_("自发布起不少于 5 个工作日"))
    closes_at = Moment(
        label=_("{terms.deadline}及{terms.opening}时间"),
        help_text=_("自发布起：公开招标不少于 20 日，磋商 10 日，谈判、询价 3 个工作日"),
    )
    envelopes = forms.ChoiceField(
        label=_("{terms.file}形式"), required=False,
        choices=[(key.value, words) for key, words in ENVELOPE_WORDS.items()],
        initial=Envelopes.ONE.value,
        help_text=_("双信封：先开技术文件，评审后只开通过者的报价文件；须程序允许。请密钥保管人制钥后不能更改。"),
    )  # fmt: skip
    guarantee = forms.DecimalField(
        label=_("{terms.guarantee}（元）"), max_digits=15, decimal_places=2, min_value=0, required=False,
        help_text=_("不收取的留空。不得超过预算的 2%；凭证随{terms.file}一并密封。"),
    )  # fmt: skip
    guarantee_forms = forms.MultipleChoiceField(
        label=_("保证金形式"), choices=GUARANTEE_WORDS.items(), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    qualifications = Words(
        label=_("{terms.bidder}资格要求"),
        rows=4,
        help_text=_("每行一项。不得以注册资本、营业收入、从业人数、纳税额等规模条件设限。"),
    )
    leader = forms.CharField(
        label=_("项目负责人应持证书"), max_length=100, required=False,
        help_text=_("要求{terms.bidder}写明项目负责人的填写，例如「一级注册建造师」；不要求的留空。"),
    )  # fmt: skip
    price_weight = forms.DecimalField(
        label=_("价格分值"), max_digits=5, decimal_places=2, min_value=0, max_value=100,
        help_text=_("货物不低于 30，服务不低于 10；磋商货物 30 至 60、服务 10 至 30；谈判、询价填 100，不设其他因素"),
    )  # fmt: skip
    small_percent = forms.DecimalField(
        label=_("小微企业价格扣除（%）"), max_digits=4, decimal_places=0, min_value=0, max_value=20, initial=10,
        help_text=_("10 至 20；专门面向中小企业采购的填 0"),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the project takes."""
        return {name: self.cleaned_data[name] for name in projects.FACTS}

    def terms(self, factors: "FactorRows") -> dict[str, Any]:
        """What the tender takes."""
        told = self.cleaned_data
        return {
            "supply_ends_at": told["supply_ends_at"],
            "closes_at": told["closes_at"],
            "envelopes": told["envelopes"] or Envelopes.ONE.value,
            "guarantee": {"amount": str(told["guarantee"]), "forms": told["guarantee_forms"]}
            if told["guarantee"]
            else None,
            "leader": {"certificate": told["leader"]} if told["leader"] else None,
            "price_weight": told["price_weight"],
            "small_deduction": told["small_percent"] / 100,
            "qualifications": told["qualifications"].splitlines(),
            "factors": drafting.factors_of(rows=factors.filled()),
            **self.money(),
        }


class FactorForm(forms.Form):
    """One scoring factor."""

    name = forms.CharField(label=_("评审因素"), max_length=60)
    max = forms.DecimalField(label=_("分值"), max_digits=5, decimal_places=2, min_value=0, max_value=100)
    objective = forms.BooleanField(label=_("客观分"), required=False)
    technical = forms.BooleanField(label=_("技术指标"), required=False)
    standard = Words(label=_("评分标准"), rows=2, longest=1000)


class _Rows(BaseFormSet):
    """All rows are alike: what was there before may be emptied, and is then gone."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return int(super().total_form_count())
        return min(len(self.initial or ()) + self.extra, MOST_FACTORS)

    def filled(self) -> list[dict[str, Any]]:
        """The rows that were filled in, in their order."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]


FactorRows = formset_factory(
    FactorForm, formset=_Rows, extra=SPARE_ROWS, max_num=MOST_FACTORS, absolute_max=MOST_FACTORS, validate_max=True
)


def factor_rows(data: Any, initial: list[dict[str, Any]], *, spare: int = SPARE_ROWS) -> "_Rows":
    """The rows as typed, or as they stand. Typed rows are not compared with what stood there."""
    rows = FactorRows(data or None, prefix="factor", initial=None if data else initial)
    rows.extra = spare
    return rows


def locked(form: ProjectForm, rows: _Rows) -> None:
    """Show what cannot be changed now as it stands, without rows to fill in."""
    for each in (form, *rows.forms):
        for field in each.fields.values():
            field.disabled = True


def initial_of(tender: Tender) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the forms show for a draft: its facts and its factors."""
    project = tender.project
    told = {name: getattr(project, name) for name in projects.FACTS}
    told |= {
        "supply_ends_at": tender.supply_ends_at,
        "closes_at": tender.closes_at,
        "qualifications": "\n".join(tender.qualifications),
        "envelopes": tender.envelopes,
        "guarantee": (tender.guarantee or {}).get("amount"),
        "guarantee_forms": (tender.guarantee or {}).get("forms"),
        "leader": (tender.leader or {}).get("certificate"),
        "price_weight": tender.price_weight,
        "small_percent": int(tender.small_deduction * 100),
        **money_forms.initial(tender.formula, tender.policies),
    }
    rows = [
        {
            "name": each.name,
            "max": each.max,
            "objective": each.objective,
            "standard": each.standard,
            "technical": each.technical,
        }
        for each in tender.criteria
    ]
    return told, rows


class LotForm(forms.Form):
    """Another lot: what it buys; all else it shares with the lots beside it."""

    title = forms.CharField(label=_("标段名称"), max_length=200)
    item = forms.CharField(label=_("采购标的"), max_length=200)
    demand = Words(label=_("采购需求"), rows=3)
    budget = forms.DecimalField(label=_("采购预算（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"))
    price_cap = forms.DecimalField(
        label=_("最高限价（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01")
    )  # fmt: skip
    most_lots = forms.IntegerField(
        label=_("每家至多{terms.award}几个标段"), min_value=0, max_value=20, initial=0,
        help_text=_("0 为不限。设限即兼投不兼中：按标段顺序定标，已达限额的由后一名递补。"),
    )  # fmt: skip


class DocumentForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("{terms.documents}、采购需求附件等，单个不超过 100 MB；PDF、OFD、Word、Excel、图纸、图片或 ZIP"),
    )


class CommentForm(forms.Form):
    """Why a draft goes back."""

    comment = Words(label=_("退回意见"), rows=3, longest=2000, required=False)
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)  # which draft was read


class AgainForm(forms.Form):
    """What a second purchase says of the one that failed."""

    analysis = Words(label=_("上一次{terms.failure}的原因分析"), rows=4, longest=LONGEST_SAID, required=False)
    measures = Words(label=_("针对原因改正了什么"), rows=4, longest=LONGEST_SAID, required=False)
    approval = forms.CharField(
        label=_("改用其他方式的批准文号"), max_length=64, required=False, help_text=_("采购方式不变的不填。")
    )


class ScheduleForm(forms.Form):
    """The minute of publication."""

    publish_at = Moment(label=_("发布时间"), help_text=_("到点自动发布；到点前可以取消。"))


class HoldersForm(forms.Form):
    """Which holders are asked, and how many of them open. None chosen: one of each side, two of whom open."""

    holders = forms.TypedMultipleChoiceField(required=False)
    k = forms.IntegerField(required=False, min_value=1, max_value=20)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        named = data.getlist("holders") if hasattr(data, "getlist") else []
        self.fields["holders"].choices = [(org, org) for org in named]  # which of them stand is the rule's to say

    def clean_k(self) -> int:
        return self.cleaned_data["k"] or THRESHOLD
