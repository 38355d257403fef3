"""The shape of what a buyer types, step by step; never law. Every term is explained beside its field."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.rules import Kind, masked, masked_phone
from market.catalogue import queries as catalogue
from market.catalogue import tariffs
from market.catalogue import words as catalogue_words
from market.catalogue.forms import Rows, Text
from market.notices.service_words import FORMULA_WORDS, FUND_WORDS
from market.projects.rules import Fund, Method
from market.purchases import queries
from market.purchases.models import Purchase
from market.purchases.rules import FUNDS
from proofs.quotes import LOWEST

LONGEST = 4000


class MomentInput(forms.DateTimeInput):
    """A date and time in the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class Moment(forms.DateTimeField):
    """An instant, typed and shown in Beijing time."""

    widget = MomentInput


class Yuan(forms.DecimalField):
    """An amount in yuan."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.NumberInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_digits=15, decimal_places=2, min_value=Decimal("0.01"), **more)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StepForm(forms.Form):
    """One step: what of the draft it fills in."""

    def __init__(self, *args: Any, row: Purchase, on: date, **kwargs: Any) -> None:
        self.row, self.on = row, on
        super().__init__(*args, initial=self.first(row), **kwargs)

    def first(self, row: Purchase) -> dict[str, Any]:
        """What the draft says now."""
        return {name: getattr(row if hasattr(row, name) else row.project, name) for name in self.base_fields}

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return dict(self.cleaned_data)


class WhatForm(StepForm):
    """What is bought."""

    item = forms.ChoiceField(
        label=_("服务事项"),
        help_text=_("从中介服务事项目录中选。目录外的、没有法律法规依据的，不得作为办理审批的条件。"),
    )
    title = Text(
        label=_("项目名称"), max_length=200, help_text=_("公告的标题，写清谁的什么，如“监测站业务用房竣工测绘”。")
    )
    demand = Text(
        label=_("服务内容"), max_length=LONGEST, widget=_area(5),
        help_text=_("要做什么、做到什么程度、交付什么成果。写得越清楚，报价越准；不写“其他”“等”。"),
    )  # fmt: skip
    scale = Text(
        label=_("项目规模"), max_length=300, required=False, help_text=_("面积、长度、投资额等，供机构估算工作量。")
    )
    quantity = forms.DecimalField(label=_("数量"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    region = Text(label=_("服务地点"), max_length=60, help_text=_("在哪里做。只说明地点，不限制机构来自哪里。"))
    days = forms.IntegerField(
        label=_("服务期限（日）"), min_value=1, max_value=3650,
        help_text=_("自合同签订起多少日内交付成果。短于目录公布的办理时限会提醒。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items(self.on)  # type: ignore[attr-defined]
        _by_unit(self)


def _by_unit(form: StepForm) -> None:
    """Ask how much is bought where the government sets the price of a unit, and not elsewhere."""
    content = queries.content_of(form.row, on=form.on)
    if tariff := tariffs.tariff_of(content):
        field = form.fields["quantity"]
        field.label, field.required = _now("数量（%(unit)s）") % {"unit": tariff.unit}, False
        field.help_text = catalogue_words.tariff(content)
    else:
        del form.fields["quantity"]


def items(on: date) -> list[tuple[str, str]]:
    """What may be ordered today."""
    return [(each.item.code, f"{each.name}（{each.item.code}）") for each in catalogue.directory(on=on)]


class ConditionsForm(StepForm):
    """What is asked of providers, and who is kept out."""

    qualifications = Rows(
        ("kind", "grade"), label=_("资质要求"),
        help_text=_("一行一项：类别｜等级。已按事项目录填好；使用公共资金的不得另加，可以减少或者降低。"),
    )  # fmt: skip
    every = forms.BooleanField(label=_("以上资质须全部具备（不勾选即具备其一）"), required=False)
    staff = Rows(("kind", "count"), label=_("执业人员要求"), help_text=_("一行一项：证书类别｜人数。"))
    other = Rows(
        ("text",), label=_("其他条件"),
        help_text=_("一行一项。不得要求注册地、本地分支、规模、年限、荣誉，不得点名机构或者品牌；会逐条检查。"),
    )  # fmt: skip
    excluded = Rows(
        ("org", "name", "reason"), label=_("回避的机构"),
        help_text=_("一行一家：统一社会信用代码｜名称｜理由。只用来回避利害关系，理由随公告公布，数量计入统计。"),
    )  # fmt: skip

    def first(self, row: Purchase) -> dict[str, Any]:
        need = row.need
        told = {name: need.get(name, []) for name in ("qualifications", "staff", "other")}
        return told | {"every": need.get("every", False), "excluded": row.excluded}

    def clean_staff(self) -> list[dict[str, Any]]:
        """Numbers of people are numbers."""
        for number, row in enumerate(self.cleaned_data["staff"], 1):
            if not (row["count"] or "1").isascii() or not (row["count"] or "1").isdigit():
                raise ValidationError(_now("第 %(n)s 行的人数应为数字"), params={"n": number})
        return [{"kind": row["kind"], "count": int(row["count"] or 1)} for row in self.cleaned_data["staff"]]

    def clean_excluded(self) -> list[dict[str, str]]:
        """Each with a code and a name."""
        for number, row in enumerate(self.cleaned_data["excluded"], 1):
            if len(row["org"]) != 18 or not row["name"]:
                raise ValidationError(_now("第 %(n)s 行应为：信用代码｜名称｜理由"), params={"n": number})
        return list(self.cleaned_data["excluded"])

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        need = {name: said[name] for name in ("qualifications", "staff", "other", "every")}
        return {"need": need, "excluded": said["excluded"]}


class MoneyForm(StepForm):
    """Whose money, how much, whether the price is fixed."""

    fund = forms.ChoiceField(
        label=_("资金来源"), widget=forms.RadioSelect,
        help_text=_("机关、事业单位自己需要的服务由本单位付费，不得让申请人承担。资金来源决定几家起选、能否直接选取。"),
    )  # fmt: skip
    fund_percent = forms.IntegerField(
        label=_("财政性资金占比（%）"), min_value=0, max_value=100, required=False, help_text=_("仅混合资金填写。"),
    )  # fmt: skip
    price_cap = Yuan(
        label=_("金额或者最高限价（元）"), help_text=_("愿意支付的上限；选定价格不得高于它，合同价等于选定的价格。")
    )
    price_known = forms.BooleanField(
        label=_("金额是确定的，不竞争价格"), required=False,
        help_text=_("摇号时常用：大家价格一样，只看符不符合条件。"),
    )  # fmt: skip

    payment = Rows(
        ("share", "when"), label=_("付款"),
        help_text=_("一行一笔：比例（%）｜什么时候付。如：30｜合同签订后 5 个工作日内；合计 100。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(self.row.project.buyer.kind)
        self.fields["fund"].choices = [(fund.value, FUND_WORDS[fund]) for fund in FUNDS[kind]]  # type: ignore[attr-defined]

    def first(self, row: Purchase) -> dict[str, Any]:
        return {
            "fund": row.fund, "fund_percent": int(row.fund_share * 100) if row.fund == Fund.MIXED else None,
            "price_cap": row.project.price_cap or None, "price_known": row.price_known, "payment": row.payment,
        }  # fmt: skip

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        percent = said.pop("fund_percent") or 0
        share = {Fund.FISCAL: Decimal(1), Fund.OWN: Decimal(0), Fund.MIXED: Decimal(percent) / 100}
        return said | {"fund_share": share[Fund(said["fund"])]}


class MethodForm(StepForm):
    """How the provider is chosen. What a way does not ask for is not looked at."""

    method = forms.ChoiceField(label=_("选取方式"), widget=forms.RadioSelect)
    rehearse = forms.BooleanField(label=_("演练（期限以秒计，没有法律效力）"), required=False)
    reason = Text(
        label=_("改用这种方式的理由"), max_length=1000, required=False, widget=_area(2),
        help_text=_("两次流标后改用其他方式的，必须写明，随公告公布。"),
    )  # fmt: skip
    formula = forms.ChoiceField(
        label=_("中选办法"), required=False, widget=forms.RadioSelect, choices=list(FORMULA_WORDS.items())
    )
    by_rate = forms.BooleanField(
        label=_("按下浮率报价"), required=False,
        help_text=_("机构报比最高限价低百分之几，价格由此算出；下浮越多价格越低，选取只比价格。"),
    )  # fmt: skip
    rate_least = forms.DecimalField(
        label=_("最低下浮率（%）"), required=False, max_digits=5, decimal_places=2, min_value=0, max_value=99
    )
    rate_most = forms.DecimalField(
        label=_("最高下浮率（%）"), required=False, max_digits=5, decimal_places=2, min_value=0, max_value=99
    )
    valid_days = forms.IntegerField(
        label=_("报价有效期（日）"), required=False, min_value=1, max_value=365,
        help_text=_("自报价截止之日起算，不少于30日。"),
    )  # fmt: skip
    factors = Rows(
        ("name", "max", "standard"), label=_("评审因素"),
        help_text=_("一行一项：名称｜分值｜给分标准。合计不足 100 分的部分是价格分。"),
    )  # fmt: skip
    long = forms.IntegerField(
        label=_("大名单家数"), min_value=2, max_value=50, required=False, help_text=_("按信用分从高到低取前几家。")
    )
    short = forms.IntegerField(
        label=_("小名单家数"), min_value=2, max_value=50, required=False,
        help_text=_("从大名单中按公布的权重摇出几家，由您写明理由选定。"),
    )  # fmt: skip
    least = forms.IntegerField(
        label=_("最低信用分"), min_value=0, max_value=90, required=False,
        help_text=_("低于此分的不能报名；不高于 90 分，没有记录的新机构为 100 分。不填则不要求。"),
    )  # fmt: skip
    start = Yuan(label=_("起始价（元）"), required=False, help_text=_("竞价从这里开始往下降，不高于最高限价。"))
    step = Yuan(label=_("降价幅度（元）"), required=False, help_text=_("每次至少比当前最低价低这么多。"))
    minutes = forms.IntegerField(label=_("竞价时长（分钟）"), required=False, min_value=1, max_value=240)
    window = forms.IntegerField(
        label=_("延时窗口（秒）"), required=False, min_value=10, max_value=600,
        help_text=_("结束前这么多秒内有人降价，就再延长同样的时间，防止最后一秒抢价。"),
    )  # fmt: skip
    most = forms.IntegerField(label=_("最多延时次数"), required=False, min_value=0, max_value=99)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.editions(production=False)
        self.fields["method"].choices = [(row.method.value, row.title) for row in rows if row.for_real]  # type: ignore[attr-defined]
        if settings.PRODUCTION:
            del self.fields["rehearse"]

    def first(self, row: Purchase) -> dict[str, Any]:
        formula, auction = row.formula or {}, row.auction or {}
        first = {"minutes": 30, "window": 60, "most": 10, "start": row.project.price_cap or None} | auction
        return first | (row.weights or {"long": 10, "short": 3}) | {
            "method": row.project.method, "rehearse": not row.project.procedure.for_real, "reason": row.reason,
            "formula": formula.get("key", LOWEST), "factors": row.factors, "valid_days": row.valid_days,
            "by_rate": row.rate is not None, "rate_least": (row.rate or {}).get("least", "0"),
            "rate_most": (row.rate or {}).get("most", "30"),
        }  # fmt: skip

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        row = queries.row_of(method=Method(said["method"]), real=not said.get("rehearse"))
        asked = row.selection.asks if row.selection else ()
        auction = {name: str(said[name] or 0) for name in ("start", "step")}
        auction |= {name: said[name] or 0 for name in ("minutes", "window", "most")}
        filled = {
            "formula": {"key": said["formula"], "params": {}},
            "factors": [{"key": f"f{n}", **each} for n, each in enumerate(said["factors"], 1)],
            "weights": {"long": said["long"] or 0, "short": said["short"] or 0}
            | ({"least": said["least"]} if said["least"] else {}),
            "auction": auction,
        }
        empty: dict[str, Any] = {"formula": None, "factors": [], "weights": None, "auction": None}
        told = {group: filled[group] if group in asked else empty[group] for group in empty}
        rate = {name: f"{said[f'rate_{name}'] or 0:.2f}" for name in ("least", "most")} if said["by_rate"] else None
        told["rate"] = rate if row.takes_offers else None
        days = said["valid_days"] or self.row.valid_days
        return told | {"edition": row.edition.value, "reason": said["reason"], "valid_days": days}


class TimeForm(StepForm):
    """When, and whom to ask."""

    publish_at = Moment(label=_("公告时间"), help_text=_("批准后到这个时间自动公告；已过的，批准后立即公告。"))
    closes_at = Moment(
        label=_("截止时间"), help_text=_("在此之前可以报名、撤回；谁报名、有几家，截止前对任何人保密。直接选取不用管。")
    )
    selects_at = Moment(label=_("选取时间"), help_text=_("摇号、开启报价或者竞价开始的时间，不早于截止。"))
    contact_name = Text(label=_("联系人"), max_length=64)
    contact_phone = Text(label=_("联系电话"), max_length=32)
    address = Text(label=_("联系地址"), max_length=200)


class NeedForm(StepForm):
    """A citizen's first screen: what is needed."""

    item = forms.ChoiceField(
        label=_("您要办哪一项"), help_text=_("都是有法律法规依据的服务；不在其中的，办事时可以不办。")
    )
    demand = Text(
        label=_("具体情况"), max_length=1000, widget=_area(4),
        help_text=_("房子多大、做什么用、要什么材料，用您自己的话写。不要写门牌、身份证号和电话。"),
    )  # fmt: skip
    quantity = forms.DecimalField(label=_("数量"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items(self.on)  # type: ignore[attr-defined]
        _by_unit(self)

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "title": dict(items(self.on))[self.cleaned_data["item"]].rpartition("（")[0]}


class WhereForm(StepForm):
    """A citizen's second screen: where, when, how much, by lot, by own choice or by sealed quotes."""

    region = Text(label=_("在哪里做"), max_length=60, help_text=_("写到乡镇、街道就行，会公开。"))
    days = forms.IntegerField(label=_("几天内做完"), min_value=1, max_value=3650)
    price_cap = Yuan(label=_("出多少钱（元）"), help_text=_("摇号时就是这个价；自己选、密封报价时这是上限。"))
    method = forms.ChoiceField(
        label=_("怎么选"), widget=forms.RadioSelect,
        help_text=_(
            "摇号的过程、打开后的每个报价都公开，谁都可以自己重算一遍。密封报价打开以前，谁报了、报多少，谁也看不到。"
        ),
        choices=[
            (Method.RANDOM.value, _("摇号：三个工作日后当众摇出一家")),
            (Method.DIRECT.value, _("自己选：公告后从名录里挑一家")),
            (Method.SEALED_PRICE.value, _("密封报价：三个工作日里各家报价，到时自动一起打开，最低的做")),
        ],
    )  # fmt: skip
    rehearse = forms.BooleanField(label=_("演练（几分钟走完，不是真的采购）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.PRODUCTION:
            del self.fields["rehearse"]

    def first(self, row: Purchase) -> dict[str, Any]:
        return {
            "region": row.region if row.project.address else "", "days": row.days,
            "price_cap": row.project.price_cap or None,
            "method": row.project.method, "rehearse": not row.project.procedure.for_real,
        }  # fmt: skip

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        row = queries.row_of(method=Method(said["method"]), real=not said.get("rehearse"))
        assert row.selection is not None  # a row of the supermarket
        return {
            "region": said["region"], "address": said["region"], "days": said["days"], "price_cap": said["price_cap"],
            "edition": row.edition.value, "price_known": not row.selection.picks and not row.takes_offers,
            "formula": {"key": LOWEST, "params": {}} if "formula" in row.selection.asks else None,
            **contact(self.row),
        }  # fmt: skip


def contact(row: Purchase) -> dict[str, str]:
    """What the public reads of a citizen: never a whole name or number; the winner is told both."""
    user = queries.drafter(row)
    return {"contact_name": masked(user.name), "contact_phone": masked_phone(user.username)}


class NewForm(forms.Form):
    """What a purchase begins with."""

    item = forms.ChoiceField(label=_("服务事项"), help_text=_("先选事项；资格要求、办理时限按目录带出，都可以再改。"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = items(on)  # type: ignore[attr-defined]
