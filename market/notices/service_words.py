"""The facts of a notice of the supermarket in their fixed order, for pages and print."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import filesizeformat, linebreaks_filter
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.parts import minute, money
from market.catalogue.words import qualification, staff
from market.projects.models import EDITION_WORDS
from market.projects.rules import Edition, Fund
from proofs.quotes import REFERENCE
from rulebook.terms import Terms
from rulebook.times import parse_iso

Row = tuple[Any, ...]
FUND_WORDS = {
    Fund.FISCAL: gettext_lazy("财政性资金"),
    Fund.MIXED: gettext_lazy("混合资金"),
    Fund.OWN: gettext_lazy("自有资金"),
}
FORMULA_WORDS = {
    "lowest": gettext_lazy("最低价中选；报价相同的摇号"),
    "reference": gettext_lazy("最接近参考价的中选：五家以上去掉一个最高、一个最低，取平均数，乘以开启后摇出的系数"),
}


def rows(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    """(label, value) or (label, value, note)."""
    service, need = content["service"], content["need"]
    known = content["price_known"]
    cap = _("{amount} 元").format(amount=money(content["price_cap"]))
    item = format_html('<a href="{}">{}</a>', reverse("market:item", args=[service["code"]]), service["name"])
    told: list[Row] = [
        (_("选取方式"), _(content["method"]), content["says"] and _(content["says"])),
        (_("服务事项"), item, _("{code}，第 {n} 版").format(code=service["code"], n=service["version"])),
        (_("服务内容"), linebreaks_filter(content["demand"])),
        *([(_("项目规模"), content["scale"])] if content["scale"] else []),
        (_("服务地点"), content["region"]),
        (_("服务期限"), _("{days} 日").format(days=content["days"])),
        (_("金额"), cap, _("固定价，不再竞争") if known else _("最高限价")),
        *([(_("政府定价、政府指导价"), content["tariff"], _("数量：{n}").format(n=content["quantity"]))]
          if "tariff" in content else []),
        *_offered(content),
        (_("资金来源"), _fund(content)),
        *([(_("付款"), _list([f"{row['share']}%：{row['when']}" for row in content["payment"]]))]
          if content.get("payment") else []),
        (_("资格要求"), _need(need)),
        (_("回避的机构"), _excluded(content["excluded"]), _("不得参加；理由公开") if content["excluded"] else ""),
        *_times(content, terms),
        *_asked(content),
        (_("结果公示"), content["publicity"], _("公示期内可以提出异议，答复前暂停")),
        (_("中选后答复"), content["accept"], _("逾期未答复视为放弃，由下一名递补")),
        *([(_("附件"), _files(content["attachments"]), _("下载后可与公开记录中的 SHA-256 比对"))]
          if content.get("attachments") else []),
        (_("适用规则"), EDITION_WORDS[Edition(content["edition"])]),
    ]  # fmt: skip
    if content["again"]:
        before = reverse("market:purchase", args=[content["again"]])
        told.append((_("重新采购"), format_html('<a href="{}">{}</a>', before, content["again"]), content["reason"]))
    return told


def _fund(content: Mapping[str, Any]) -> str:
    fund = Fund(content["fund"])
    words = str(FUND_WORDS[fund])
    return words + _("（财政性资金占 {n}%）").format(n=content["fund_percent"]) if fund is Fund.MIXED else words


def _offered(content: Mapping[str, Any]) -> list[Row]:
    """How a sealed quote is put, and how long it binds."""
    told: list[Row] = []
    if rate := content.get("rate"):
        words = _("下浮率，{least}% 至 {most}%").format(**rate)
        told.append((_("报价方式"), words, _("报价＝最高限价 ×（1－下浮率），下浮越多价格越低；按算出的价格选取")))
    if days := content.get("valid_days"):
        told.append((_("报价有效期"), _("自截止之日起 {days} 日").format(days=days)))
    return told


def _files(rows: list[Mapping[str, Any]]) -> SafeString:
    told = (
        (reverse("documents:evidence", args=[row["id"]]), row["name"], filesizeformat(row["size"]), row["sha256"])
        for row in rows
    )
    line = '<li><a href="{}" download>{}</a> {}<br><code class="break">{}</code></li>'
    return format_html('<ul class="plain">{}</ul>', format_html_join("", line, told))


def _need(need: Mapping[str, Any]) -> SafeString | str:
    lines = [
        qualification({**need, "qualification_mode": "all" if need.get("every") else "any"}),
        staff(need),
        *need.get("other", ()),
    ]
    return _list([line for line in lines if line]) or _("不设资质要求；已入驻的机构都可以参加")


def _excluded(excluded: list[Mapping[str, str]]) -> SafeString | str:
    return _list([f"{row['name']}（{row['org']}）：{row['reason']}" for row in excluded])


def _times(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    if content["picks"]:
        return []
    least = _("报名不足 {n} 家的，流标").format(n=content["least"])
    if content["least"] == 1:
        least = _("无人报名的，流标")
    return [
        (_("{terms.deadline}").format(terms=terms), _at(content["deadline"]), least),
        (_("选取时间"), _at(content["selects_at"])),
    ]


def _asked(content: Mapping[str, Any]) -> list[Row]:
    """What its way of choosing says besides."""
    told: list[Row] = []
    if formula := content.get("formula"):
        drawn = [f"{Decimal(each):.0%}" for each in content["coefficients"]] if formula["key"] == REFERENCE else []
        told.append((_("中选办法"), FORMULA_WORDS[formula["key"]], _("系数：") + "、".join(drawn) if drawn else ""))
    if factors := content.get("factors"):
        lines = [f"{row['name']} {row['max']} 分：{row['standard']}" for row in factors]
        told.append((_("评审因素"), _list(lines), _("其余为价格分，报价最低的满分")))
    if weights := content.get("weights"):
        words = _("按信用分取前 {long} 家，摇号缩小到 {short} 家")
        told.append((_("名单"), words.format(long=weights["long"], short=weights["short"])))
        if least := weights.get("least"):
            told.append((_("最低信用分"), str(least), _("低于此分的不能报名；信用分的来历见机构的信用页")))
    if auction := content.get("auction"):
        words = _("起始价 {start} 元，每次至少降 {step} 元，{minutes} 分钟")
        more = _("最后 {window} 秒内有人降价，自动延时 {window} 秒，至多 {most} 次")
        figures = auction | {name: money(auction[name]) for name in ("start", "step")}
        told.append((_("竞价办法"), words.format(**figures), more.format(**figures)))
    return told


def _at(instant: str) -> str:
    return minute(parse_iso(instant))


def _list(texts: list[str]) -> SafeString | str:
    if len(texts) < 2:
        return "".join(texts)
    return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", ((text,) for text in texts)))
