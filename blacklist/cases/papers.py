"""A decision as a paper: the whole of it for its party and deciders, and what of it is public while it binds."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from blacklist.cases import desks
from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import APPEAL_IN, File
from documents import qr
from rulebook.calendar import day_in_china
from rulebook.law import Article

TEMPLATE = "blacklist/cases/decision.typ"
LEDE = "本决定依当事人入驻时接受的平台规则作出，不是行政处罚。"
REMEDY = "不服本决定的，可以向平台申诉，由未参与本决定的两人处理；也可以依约定申请仲裁或者向人民法院起诉。"
EXCERPT = "本件为公示的部分。事实、证据和所涉项目只送当事人，不公示；期满、撤销或者修复的，停止公示。"


def content(case: Case, file: File, *, check: str, certificate: str = "") -> dict[str, Any]:
    """The six items of a served case.  check: where its code leads.  certificate: fingerprint of what it is signed by.

    Law: 行政处罚法 第59条.
    """
    told = desks.document(case, file)
    notice, proposal = told["notice"], told["proposal"]
    exhibits = [f"证据：{each['name']}（SHA-256 {each['sha256']}）" for each in notice.evidence]
    answers = [f"{_minute(row.at)}　{row.text}" for row in told["statements"]]
    until = told["appeal_until"]
    remedy = f"在 {_minute(until)} 前" if until else f"自送达之日起{APPEAL_IN}个工作日内"
    terms = "：" + "、".join(told["terms"]) if told["terms"] else ""
    served = [f"{_minute(told['served_at'])} 送达当事人。"] if told["served_at"] else []
    return _paper(
        told["decision_no"],
        LEDE,
        [
            ("一、当事人", [_party(told["name"], case)]),
            ("二、事实和证据", [notice.text, *exhibits]),
            ("当事人的陈述、申辩和听证", answers or ["当事人在期限内未提出陈述、申辩。"]),
            ("三、处理结果和依据", [f"{told['outcome']}{terms}", proposal.text, _basis(told["ground"])]),
            ("四、履行方式和期限", [_term(each) for each in told["restrictions"]] or ["自送达次日起执行。"]),
            ("五、救济途径", [f"{REMEDY}申诉{remedy}提出。"]),
            ("六、作出决定的机构和日期", [*_signed(told), *served]),
        ],
        check,
        certificate,
    )  # fmt: skip


def excerpt(row: Restriction, *, site: str) -> dict[str, Any]:
    """What everybody may read of a decision while it is shown: nothing of the case's words, and no purchase.

    Law: 明标平台规则 第43条.
    """
    told = desks.listed(row)
    code = f"（{told['code']}）" if told["code"] else ""
    return _paper(
        row.decision_no,
        LEDE + EXCERPT,
        [
            ("当事人", [f"{told['name']}{code}"]),
            ("行为和依据", [f"{told['family']}：{told['ground']}", f"依据：{told['rule']}"]),
            ("处理结果和期限", [_term(told)]),
            ("救济途径", [REMEDY]),
            ("作出决定的机构和日期", [f"明标平台　{_day(row.decided_at)}"]),
        ],
        site + reverse("blacklist:restriction", args=[row.public_id]),
    )


def _paper(
    number: str, lede: str, sections: list[tuple[str, list[str]]], check: str, certificate: str = ""
) -> dict[str, Any]:  # fmt: skip
    return {
        "number": number,
        "lede": lede,
        "sections": [{"name": name, "lines": [str(line) for line in lines if line]} for name, lines in sections],
        "check": check,
        "certificate": certificate,
        "code": qr.svg(check),
    }


def _signed(told: dict[str, Any]) -> list[str]:
    return [f"明标平台　{_day(told['decided_at'])}", f"承办：{'、'.join(told['signers'])}"]


def _party(name: str, case: Case) -> str:
    return f"{name}（{case.subject}）" if case.body == "organisation" else name


def _basis(ground: Any) -> str:
    law: Article | None = ground.law
    return f"依据：{ground.rule}" + (f"；相关法律：{law}" if law else "")


def _term(told: dict[str, Any]) -> str:
    points = f" {told['points']}" if told["points"] else ""
    return f"{told['kind']}{points}：{_day(told['row'].starts_at)} 至 {told['last_day'].isoformat()}"


def _day(at: Any) -> str:
    return day_in_china(at).isoformat()


def _minute(at: Any) -> str:
    return date_format(localtime(at), "Y-m-d H:i")
