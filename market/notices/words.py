"""The facts of a notice in their fixed order, for pages and print."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.parts import digest, due, minute, money
from market.notices import differences, service_words
from market.notices.rules import Type
from market.projects.models import CATEGORY_WORDS, EDITION_WORDS
from market.projects.rules import Category, Edition, Procedure, Stage
from market.projects.sides import PAYERS, WORK_WORDS
from market.projects.spoken import length
from rulebook.terms import USUAL, Terms
from rulebook.times import parse_iso

Row = tuple[Any, ...]
SHEET = gettext_lazy("开标一览表")
BODY = gettext_lazy("商务技术文件")
TECH = gettext_lazy("技术文件")
PRICE = gettext_lazy("报价文件")
SELECTED = gettext_lazy("，自行选定")


def rows(content: Mapping[str, Any], terms: Terms = USUAL) -> list[Row]:
    """(label, value) or (label, value, note), in the order the law lists them, in the terms of the purchase."""
    if "service" in content:
        return _buyer(content, terms) + service_words.rows(content, terms)
    return _buyer(content, terms) + ROWS[Type(content["type"])](content, terms)


def _buyer(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    buyer = content["buyer"]
    return [
        (_("{terms.buyer}").format(terms=terms), buyer["name"], buyer["address"]),
        (_("联系方式"), f"{buyer['contact']} {buyer['phone']}"),
        *_agent(content.get("agent")),
        (_("项目编号"), content["project"]),
    ]


def _agent(agent: Mapping[str, Any] | None) -> list[Row]:
    """Who acts for the buyer, and what it takes."""
    if agent is None:
        return []
    payer = _(PAYERS[agent["payer"]])
    return [
        (_("采购代理机构"), agent["name"], agent["address"]),
        (_("代理机构联系方式"), f"{agent['contact']} {agent['phone']}"),
        (_("委托事项"), _list([_(words) for work, words in WORK_WORDS.items() if work.value in agent["works"]])),
        (_("代理费用"), agent["fee"], payer),
    ]


def _tender(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    supply = content["supply"]
    return [
        (_("采购方式"), _(content["method"]), EDITION_WORDS[Edition(content["edition"])]),
        *([(_("适用情形"), content["ground"]["words"], content["ground"]["law"])] if "ground" in content else []),
        (_("采购标的"), content["item"], CATEGORY_WORDS[Category(content["category"])]),
        (_("采购预算"), _yuan(content["budget"])),
        (_("最高限价"), _yuan(content["price_cap"])),
        (_("采购需求"), linebreaks_filter(content["demand"])),
        (_("资格要求"), _list(content["qualifications"])),
        *_guarantee(content.get("guarantee"), terms),
        (_("公告期限"), length(content["notice_period"]),
         _("至 {moment}").format(moment=_by(content["notice_ends_at"]))),
        (_("获取{terms.documents}").format(terms=terms), supply["how"],
         _("免费，提供至 {moment}").format(moment=_at(supply["until"]))),
        *_opening(content, terms),
        (_remedy(content), _("自获取文件或公告期限届满之日起 {period}内").format(period=length(content["objection"]))),
        *_again(content.get("again"), terms),
    ]  # fmt: skip


def _again(told: Mapping[str, Any] | None, terms: Terms) -> list[Row]:
    """What a second purchase says of the failed one it follows."""
    if not told:
        return []
    before = format_html('<a href="{}">{}</a>', reverse("bidding:project", args=[told["project"]]), told["project"])
    ended = "；".join(each["text"] for each in told["reasons"])
    rows: list[Row] = [
        (_("重新采购"), before, _("上一次{terms.failure}：{reasons}").format(terms=terms, reasons=ended)),
        (_("原因分析"), told["analysis"], told["law"]),
        (_("改正措施"), told["measures"]),
    ]
    return [*rows, (_("改用方式的批准文号"), told["approval"])] if told.get("approval") else rows


def _opening(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    """Until when offers are taken, how they are opened, and how quotes are made where that is later or only once."""
    least, note = content["least_bidders"], _("以服务器收到完整请求的时间为准")
    due, opening = _at(content["deadline"]), _at(content["opening"]["at"])
    how = content.get("quotes")
    if how is None:
        watch = _("网上{terms.opening}，公众可旁观；{terms.bidder}不足 {least} 家不{terms.opening}").format(
            terms=terms, least=least
        )
        return [
            (_("{terms.deadline}").format(terms=terms), due, note),
            (_("{terms.opening}").format(terms=terms), opening, watch),
        ]
    watch = _("网上开启，不公开唱价；供应商不足 {least} 家不予开启").format(least=least)
    rows: list[Row] = [
        (_("{terms.deadline}").format(terms=terms), due, note),
        (_("{terms.file}开启").format(terms=terms), opening, watch),
    ]
    if how == "rounds":
        told = _("谈判（磋商）后由评审小组通知，在规定时间内密封提交，到时一并开启")
        return [*rows, (_("报价"), told, _("响应文件中不含报价"))]
    return [*rows, (_("报价"), _("一次报出不得更改的价格，随响应文件密封"), _("审查后只开启符合要求者的报价"))]


def _change(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    """A correction or clarification: what was asked and answered, what was and is now, which files, until when."""
    found: list[Row] = [
        (_("提问"), linebreaks_filter(each["question"]),
         _("答复：{answer}").format(answer=each["answer"]))
        for each in content.get("answers", ())
    ]  # fmt: skip
    if content["text"]:
        found.append((_("说明"), linebreaks_filter(content["text"])))
    if content.get("differences"):
        found.append((_("内容变化"), differences.told(content["differences"])))
    if content.get("documents"):
        found.append((_("{terms.documents}").format(terms=terms), _versions(content["documents"])))
    affects = (
        _("可能影响{terms.file}编制").format(terms=terms)
        if content.get("may_affect")
        else _("不影响{terms.file}编制").format(terms=terms)
    )
    was = content.get("deadline_was")
    note = _("由 {moment} 顺延").format(moment=_at(was)) if was else _("不变")
    return [*found, (_("影响"), affects), (_("{terms.deadline}").format(terms=terms), _at(content["deadline"]), note)]


def _versions(documents: list[Mapping[str, Any]]) -> SafeString:
    """Each file with what it took the place of; the earlier version stays readable."""
    told = []
    for each in documents:
        old = each["replaces"]
        before = format_html("{} {}", _("替代"), _blob(old)) if old else _("新增")
        version = _("第 {n} 版").format(n=each["version"])
        told.append((each["sha256"], each["name"], version, digest(each["sha256"]), before))
    return format_html_join("", '<div><a href="/blobs/{}">{}</a> {} {} · {}</div>', told)


def _award(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    winner = content["winner"]
    return [
        (_("{terms.winner}").format(terms=terms), winner["name"], winner["org"]),
        (
            _("{terms.award}金额").format(terms=terms),
            _yuan(winner["amount"]),
            "" if "method" in content else _("即{terms.price}；评审价只用于评审").format(terms=terms),
        ),
        *([(_("选取方式"), content["method"])] if "method" in content else []),
        (_("选取排名") if "method" in content else _("评审排名"), _("第 {rank} 名").format(rank=winner["rank"])),
        (_("主要标的"), _list([f"{item['name']}：{item['demand']}" for item in content["items"]])),
        *(
            [
                (
                    _("评审专家"),
                    _list(
                        [
                            f"{each['name']}（{each['employer']}）{SELECTED if each.get('selected') else ''}"
                            for each in content["experts"]
                        ]
                    ),
                )
            ]
            if content["experts"]
            else []
        ),
        (_("公告期限"), content["notice_period"]),
        (_("{terms.evaluation}报告").format(terms=terms), _blob(content["report_sha256"])),
        *(
            [(_("{terms.documents}").format(terms=terms), _documents(content["documents"]))]
            if content["documents"]
            else []
        ),
        (_remedy(content), _("自公告期限届满之日起 {period}内").format(period=length(content["objection"]))),
    ]


def _led(leader: Mapping[str, str] | None) -> str:
    if leader is None:
        return ""
    if not leader["certificate"]:
        return _("；项目负责人 {name}").format(name=leader["name"])
    return _("；项目负责人 {name}（{certificate}）").format(**leader)


def _candidates(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    told = [
        (_("{name}，{terms.price} {amount}，总得分 {total}") if each["total"] else _("{name}，{amount}")).format(
            terms=terms, name=each["name"], amount=_yuan(each["amount"]), total=each["total"]
        )
        + _led(each.get("leader"))
        for each in content["candidates"]
    ]
    return [
        (_("{terms.candidate}").format(terms=terms), _list(told)),
        *([(_("选定的理由"), content["reason"])] if "reason" in content else []),
        (_("公示期"), content["publicity"], _("至 {moment}").format(moment=_by(content["publicity_ends_at"]))),
        (_("异议"), _("公示期内向{terms.buyer}提出").format(terms=terms), _("答复前暂停定标")),
    ]


def _end(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    told = [f"{each['text']}（{each['law']}）" if each["law"] else each["text"] for each in content["reasons"]]
    rows: list[Row] = [(_("理由"), _list(told))]
    if refund := content.get("refund"):
        words = _("已经交纳的，自本公告之日起 {period}内退还").format(period=refund["within"])
        rows.append((_("{terms.guarantee}").format(terms=terms), words, refund["law"]))
    sealed = _("没有开启的{terms.bid}保持封存，不再开启").format(terms=terms)
    return [*rows, (_("{terms.file}").format(terms=terms), sealed)]


def effects(row: Procedure, *, to: Stage) -> list[str]:
    """What ending a purchase brings about, said before it is done."""
    told = [
        _("理由立即公告，任何人都能看到；公告不写{terms.bidder}的名称和家数。"),
        _("还没有开启的{terms.bid}保持封存，永远不再开启；没有开启的密钥不再释放。"),
        _("系统逐一通知已获取{terms.documents}、报名或者递交的单位，互相看不到还有谁。"),
    ]
    if row.selection is None:
        words = _("已经交纳的{terms.guarantee}在 {period}内退还（{law}）。")
        told.append(words.replace("{period}", row.refund.words).replace("{law}", str(row.refund.law)))
    if to is Stage.FAILED:
        told.append(_("之后可以重新采购：生成与本次相互链接的新项目。"))
    else:
        told.append(_("监督部门同时收到报告；本项目不能恢复，再要采购须另立项目。"))
    return [each.format(terms=row.terms) for each in told]


def _suspension(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    return [
        (_("暂停的依据"), content["ground"], content["law"]),
        (_("作出单位"), content["body"], content["document"]),
        (_("事由"), linebreaks_filter(content["text"])),
        (_("最迟暂停至"), _by(content["until"]), _("不得超过 {period}").format(period=content["most"])),
        (_("影响"), _("暂停期间接下来的程序不能办理，相应期限顺延；{terms.bid}仍可递交").format(terms=terms)),
    ]


def _resumption(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    span = _("{begin} 至 {end}").format(begin=_at(content["started_at"]), end=_at(content["ended_at"]))
    return [(_("恢复的理由"), content["text"]), (_("暂停时间"), span, _("不计入相应期限"))]


def _contract(content: Mapping[str, Any], terms: Terms) -> list[Row]:
    told = [
        (_("供应商"), content["provider"]["name"], content["provider"]["org"]),
        (_("合同金额"), _yuan(content["amount"])),
        (_("签订日期"), date.fromisoformat(content["signed_on"]).isoformat()),
    ]
    return [*told, (_("逾期签订的原因"), content["late_reason"])] if content["late_reason"] else told


ROWS: Mapping[Type, Callable[[Mapping[str, Any], Terms], list[Row]]] = {
    Type.TENDER: _tender,
    Type.CANDIDATES: _candidates,
    Type.AWARD: _award,
    Type.CORRECTION: _change,
    Type.CLARIFICATION: _change,
    Type.FAILURE: _end,
    Type.CANCELLATION: _end,
    Type.CONTRACT: _contract,
    Type.SUSPENSION: _suspension,
    Type.RESUMPTION: _resumption,
}


FORMS = {
    "bank": gettext_lazy("银行保函"),
    "insurance": gettext_lazy("保证保险"),
    "transfer": gettext_lazy("转账"),
}


def _guarantee(asked: Mapping[str, Any] | None, terms: Terms) -> list[Row]:
    """What bidders leave with their bids, where anything is asked."""
    if not asked:
        return []
    told = _("可采用：{forms}；凭证随{terms.file}密封递交").format(
        terms=terms, forms="、".join(str(FORMS[each]) for each in asked["forms"])
    )
    return [(_("{terms.guarantee}").format(terms=terms), _yuan(asked["amount"]), told)]


REMEDIES = {"质疑": gettext_lazy("质疑"), "投诉": gettext_lazy("投诉"), "异议": gettext_lazy("异议")}


def _remedy(content: Mapping[str, Any]) -> Any:
    """What an objection is called under the notice's procedure."""
    return REMEDIES[content.get("remedy", "质疑")]


def _yuan(amount: str) -> str:
    return _("{amount} 元").format(amount=money(amount))


def _at(instant: str) -> str:
    return minute(parse_iso(instant))


def _by(instant: str) -> str:
    return due(parse_iso(instant))


def _list(texts: list[str]) -> SafeString | str:
    if len(texts) == 1:
        return texts[0]
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((text,) for text in texts)))


def _blob(sha256: str) -> SafeString:
    return format_html('<a href="/blobs/{}">{}</a>', sha256, digest(sha256))


def _documents(documents: list[Mapping[str, Any]]) -> SafeString:
    return format_html_join(
        "", '<div><a href="/blobs/{}">{}</a> {}</div>',
        ((each["sha256"], each["name"], digest(each["sha256"])) for each in documents),
    )  # fmt: skip
