"""What is on the papers of a purchase, as plain values."""

import html
import re
from collections.abc import Sequence
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.templatetags.parts import minute, money
from documents import qr
from market.awards import queries as awards
from market.contracts.models import Contract
from market.notices import queries as notices
from market.notices import words
from market.notices.models import Notice
from market.performance.models import Delivery, Invoice, Payment
from market.projects.models import Project
from rulebook.money import capitals

BREAKS = re.compile(r"</(?:li|p|div|del|ins)>|<br\s*/?>")


def papers(project: Project, *, check: str) -> dict[str, Any]:
    """Everything there is by now, in the order it happened; what is not there yet is left out.

    check: where its code leads.
    """
    award = awards.standing(project)
    contract = Contract.objects.filter(project=project).select_related("award").first()
    sections = [_notice(each, project) for each in notices.of(project.number)]
    if award:
        told = [
            (_("中选机构"), f"{award.name}（{award.organisation}）"),
            (_("金额"), _("人民币 {amount} 元（大写：{words}）").format(
                amount=money(award.amount), words=capitals(award.amount))),
            (_("确定时间"), minute(award.determined_at)),
        ]  # fmt: skip
        sections.append({"title": _("中选通知"), "sha256": award.notice.sha256, "rows": told})
    if contract:
        sections += _performed(contract)
    return {
        "title": project.title, "number": project.number, "buyer": project.buyer.name, "check": check,
        "code": qr.svg(check), "sha256": sections[0]["sha256"], "sections": sections,
        "names": [project.buyer.name, _("经办"), _("验收")],
    }  # fmt: skip


def _notice(each: Notice, project: Project) -> dict[str, Any]:
    rows = [(str(row[0]), _text(row[1:])) for row in words.rows(each.content, project.terms)]
    title = f"{each.type_words}（{minute(each.published_at)}）"
    return {"title": title, "sha256": each.sha256, "rows": [row for row in rows if row[1]]}


def _performed(contract: Contract) -> list[dict[str, Any]]:
    """Deliveries with what the buyer said of them, invoices and payments as facts."""
    told: list[dict[str, Any]] = []
    rows = [
        (_("第 {n} 期第 {k} 次交付").format(n=each.milestone, k=each.attempt), _inspected(each))
        for each in Delivery.objects.filter(contract=contract).select_related("inspection").order_by("delivered_at")
    ]
    if rows:
        told.append({"title": _("交付与验收"), "sha256": "", "rows": rows})
    paid = [
        (_("发票 {number}").format(number=each.number), f"{money(each.amount)} · {each.issued_on.isoformat()}")
        for each in Invoice.objects.filter(contract=contract).order_by("pk")
    ]
    paid += [
        (_("付款"), f"{money(each.amount)} · {each.paid_on.isoformat()}")
        for each in Payment.objects.filter(contract=contract).order_by("pk")
    ]
    if paid:
        told.append({"title": _("发票与付款"), "sha256": "", "rows": paid})
    return told


def _inspected(each: Delivery) -> str:
    handed = _("{at} 交付").format(at=minute(each.delivered_at))
    said = getattr(each, "inspection", None)
    if said is None:
        return _("{handed}，尚未验收").format(handed=handed)
    result = _("验收合格") if said.accepted else _("退回：{why}").format(why=said.reasons)
    return f"{handed}，{minute(said.at)} {result}（{said.by_name}）"


def _text(cells: Sequence[Any]) -> str:
    """What a page shows in a row, as text of several lines."""
    told = [html.unescape(strip_tags(BREAKS.sub("\n", str(cell)))).strip() for cell in cells if cell not in (None, "")]
    return "\n".join(line.strip() for text in told for line in text.splitlines() if line.strip())
