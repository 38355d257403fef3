"""What the terms of a tender must be: criteria, qualification, keys, documents. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bidding.holding import rules as holding
from bidding.holding.rules import Candidate
from market.projects.conditions import AUTHORISATION, ELSEWHERE, SCALE_WORDS
from market.projects.conditions import found as barriers_in
from market.projects.rules import Category, Procedure, Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason
from rulebook.times import iso

HOLDERS = 3  # where the officer chooses no others
THRESHOLD = 2  # of the holders open, likewise
SLOTS = holding.SLOTS
VERSIONS = 16  # slots one bidder may use up in one unit
POLICY = "A"
WITHOUT_HALVES = "C"  # opens by itself: no bidder half, unattended holders
LARGEST_DOCUMENT = 100 * 2**20  # bytes
MOST_DOCUMENTS = 10

SEVERAL_HOLDERS = Article("电子招标投标办法", "第27条")
SMALL_FIRMS = Article("财库〔2020〕46号", "第9条")
FREE_ACCESS = Article("电子招标投标办法", "第20条")
HUNDRED = Decimal(100)

# What a document may be: how its bytes begin and, for a packed one, what must be inside it.
PACKED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SORTS: Mapping[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF", ""),
    "ofd": (PACKED, "OFD.xml"),
    "docx": (PACKED, "word/document.xml"),
    "xlsx": (PACKED, "xl/workbook.xml"),
    "doc": (COMPOUND, ""),
    "xls": (COMPOUND, ""),
    "wps": (COMPOUND, ""),
    "et": (COMPOUND, ""),
    "zip": (PACKED, ""),
    "dwg": (b"AC10", ""),
    "jpg": (b"\xff\xd8\xff", ""),
    "png": (b"\x89PNG\r\n\x1a\n", ""),
}
LONGEST_HEAD = max(len(begins) for begins, _ in SORTS.values())


class GuaranteeForm(StrEnum):
    """How a bidder may guarantee its bid."""

    BANK = "bank"
    INSURANCE = "insurance"
    TRANSFER = "transfer"


class CommitteeState(StrEnum):
    """How far the key holders of one unit are."""

    WANTED = "wanted"
    TRIAL = "trial"  # the manifest stands, the trial opening is asked for
    READY = "ready"


@dataclass(frozen=True)
class Factor:
    """One scoring factor.  max: points, > 0.  objective: its points follow from facts, so members may not differ.

    standard: how points are given, in words.  technical: it is a technical index, which may decide between equals.
    """

    key: str
    name: str
    max: Decimal
    objective: bool
    standard: str = ""
    technical: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            **({"technical": True} if self.technical else {}),
            "key": self.key,
            "name": self.name,
            "max": points(self.max),
            "objective": self.objective,
            "standard": self.standard,
        }


def points(value: Decimal) -> str:
    """Points as text: no exponent, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor_of(value: Mapping[str, Any]) -> Factor:
    """The factor a JSON object spells."""
    return Factor(
        value["key"],
        value["name"],
        Decimal(value["max"]),
        bool(value["objective"]),
        value.get("standard", ""),
        bool(value.get("technical")),
    )


def unit(number: str, part: str) -> dict[str, str]:
    """The unit of one part of a project's bids: one project is one lot."""
    return {"tender": number, "lot": "1", "part": part}


def why_not_criteria(
    *, procedure: Procedure, category: Category, price_weight: Decimal, small_deduction: Decimal,
    factors: Sequence[Factor], qualifications: Sequence[str],
) -> tuple[Reason, ...]:  # fmt: skip
    """Everything wrong with the criteria, all at once.

    price_weight: points of 100.  small_deduction: the share taken off a small enterprise's quote, 0–1.
    Law: 87号令 第17条, 第55条; 财库〔2020〕46号 第9条.
    """
    reasons: list[Reason] = []
    least = procedure.price_weights.get(category, Decimal())
    if price_weight < least:
        text = "价格分值占总分值的比重不得低于 {least}%，现为 {weight}%"
        values = {"least": points(least), "weight": points(price_weight)}
        reasons.append(Reason("criteria.price-weight", Kind.NOT_VALID, text, procedure.criteria, values))
    most = procedure.price_most.get(category, HUNDRED)
    if price_weight > most:
        text = "价格分值占总分值的比重不得高于 {most}%，现为 {weight}%"
        values = {"most": points(most), "weight": points(price_weight)}
        reasons.append(Reason("criteria.price-too-heavy", Kind.NOT_VALID, text, procedure.criteria, values))
    total = price_weight + sum((factor.max for factor in factors), Decimal())
    if total != HUNDRED:
        text = "价格与各评审因素的分值合计应为 100 分，现为 {total} 分"
        reasons.append(Reason("criteria.sum", Kind.NOT_VALID, text, procedure.criteria, {"total": points(total)}))
    if any(factor.max <= 0 or not factor.name.strip() for factor in factors):
        text = "每个评审因素应有名称和大于零的分值"
        reasons.append(Reason("criteria.empty-factor", Kind.NOT_VALID, text, procedure.criteria))
    if len({factor.name.strip() for factor in factors}) != len(factors):
        reasons.append(Reason("criteria.same-name", Kind.NOT_VALID, "评审因素的名称不得重复", procedure.criteria))
    if small_deduction != 0 and not procedure.deduction[0] <= small_deduction <= procedure.deduction[1]:
        text = "小微企业价格扣除比例应在 {least}% 至 {most}% 之间，专门面向中小企业的项目为零"
        values = {"least": points(procedure.deduction[0] * 100), "most": points(procedure.deduction[1] * 100)}
        reasons.append(Reason("criteria.deduction", Kind.NOT_VALID, text, SMALL_FIRMS, values))
    return (*reasons, *why_not_lawful_words(procedure=procedure, factors=factors, qualifications=qualifications))


def why_not_guarantee(
    *, procedure: Procedure, guarantee: Mapping[str, Any] | None, budget: Decimal
) -> tuple[Reason, ...]:
    """Reasons against what bidders are asked to leave: no more than the procedure allows, in a form they may choose.

    guarantee: {"amount": yuan, "forms"}, None where nothing is asked.  budget: yuan.
    Law: 政府采购法实施条例 第33条; 招标投标法实施条例 第26条.
    """
    if guarantee is None:
        return ()
    share, law = procedure.guarantee
    most = min(budget * share, procedure.guarantee_most or budget)
    reasons: list[Reason] = []
    if not 0 < Decimal(guarantee["amount"]) <= most:
        text = "{terms.guarantee}不得超过 {most} 元（预算的 {share}%）"
        values = {"most": f"{most:,.2f}", "share": points(share * 100)}
        reasons.append(Reason("guarantee.amount", Kind.NOT_VALID, text, law, values))
    if not guarantee["forms"] or not set(guarantee["forms"]) <= set(GuaranteeForm):
        reasons.append(Reason("guarantee.forms", Kind.NOT_VALID, "应写明{terms.guarantee}可采用的形式", law))
    return tuple(reasons)


def why_not_lawful_words(
    *, procedure: Procedure, factors: Sequence[Factor], qualifications: Sequence[str]
) -> tuple[Reason, ...]:
    """Conditions of size and of seat, manufacturers' authorisations, and conditions that are scored again.

    Law: 87号令 第17条, 第55条; 公平竞争审查条例 第9条.
    """
    reasons: list[Reason] = []
    if not [text for text in qualifications if text.strip()]:
        text = "应列明{terms.bidder}的资格要求"
        reasons.append(Reason("criteria.no-qualification", Kind.NOT_VALID, text, procedure.conditions))
    for place, text in [("资格要求", each) for each in qualifications] + [
        ("评审因素", f"{factor.name} {factor.standard}") for factor in factors
    ]:
        found = SCALE_WORDS.search(unicodedata.normalize("NFKC", text))
        if found:
            sentence = "{place}“{text}”含规模条件“{word}”，不得作为资格要求或者评审因素"
            values = {"place": place, "text": text.strip(), "word": found.group()}
            reasons.append(Reason("criteria.scale", Kind.NOT_VALID, sentence, procedure.conditions, values))
        reasons += [each.reason() for each in barriers_in([text], barriers=ELSEWHERE)]
        if AUTHORISATION.search(text):
            sentence = "{place}“{text}”要求生产厂家授权等，不得作为资格要求"
            values = {"place": place, "text": text.strip()}
            reasons.append(Reason("criteria.authorisation", Kind.NOT_VALID, sentence, procedure.conditions, values))
    asked = {_squeezed(text) for text in qualifications if text.strip()}
    for factor in factors:
        if _squeezed(factor.name) in asked:
            text = "“{name}”已是资格要求，不得再作为评审因素"
            values = {"name": factor.name}
            reasons.append(Reason("criteria.scored-twice", Kind.NOT_VALID, text, procedure.criteria, values))
    return tuple(reasons)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s，。；、,.;:：]", "", unicodedata.normalize("NFKC", text))


def why_not_request_keys(
    *, stage: str, buyer: str, asked: bool, chosen: Sequence[Candidate], k: int, known: Collection[str], by: Actor
) -> tuple[Reason, ...]:
    """Reasons against asking these key holders.  k: of them open.  known: the standing roster."""
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if stage != Stage.DRAFT or asked:
        return (Reason("keys.already-asked", Kind.NOT_NOW, "已请密钥保管人制钥"),)
    return holding.why_not_draw(chosen=chosen, k=k, known=known)


def why_not_post_slots(
    *, statement: Mapping[str, Any], wanted: Mapping[str, Any], roster: Sequence[str], slots: int, keys: bytes,
    keys_sha256: str, state: str,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a holder's slot keys: who, when, then whether they are what he signed for this unit."""
    if statement["org"] not in roster:
        return (Reason("keys.not-a-holder", Kind.NOT_YOURS, "该单位不是本项目的密钥保管人"),)
    if state != CommitteeState.WANTED:
        return (Reason("keys.closed", Kind.NOT_NOW, "密钥清单已确定，不能再更换"),)
    if statement["unit"] != wanted or statement["role"] != "c" or statement["n"] != slots:
        return (Reason("keys.other-unit", Kind.NOT_VALID, "声明所指的项目、用途或数量与要求不符"),)
    if len(keys) != 32 * slots or statement["keys_sha256"] != keys_sha256:
        return (Reason("keys.not-as-signed", Kind.NOT_VALID, "公钥与声明中的摘要不符"),)
    return ()


def why_not_rehearse(
    *, statement: Mapping[str, Any], member_i: int | None, unit: Mapping[str, Any], eid: str, state: str,
    genuine: bool,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against a holder's release for the trial opening.  genuine: the key belongs to the manifest's."""
    if member_i is None:
        return (Reason("trial.not-a-holder", Kind.NOT_YOURS, "该单位不是本项目的密钥保管人"),)
    if state != CommitteeState.TRIAL:
        return (Reason("trial.not-now", Kind.NOT_NOW, "现在没有待进行的试开启"),)
    if (statement["unit"], statement["slot"], statement["i"]) != (unit, 0, member_i) or statement["eid"] not in (
        "",
        eid,
    ):
        return (Reason("trial.other-unit", Kind.NOT_VALID, "释放的不是试开启所用的零号钥匙"),)
    if not genuine:
        return (Reason("trial.wrong-key", Kind.NOT_VALID, "释放的钥匙与清单中的公钥不符，请检查钥匙文件"),)
    return ()


def why_not_ready(
    *, parts: Sequence[str], states: Mapping[str, str], documents: int | None, law: Article
) -> tuple[Reason, ...]:
    """What publication still waits for: documents, and key holders of every part proven to be able to open.

    documents: how many there are; None where the notice itself says all.  law: the article of the procedure on them.
    """
    reasons: list[Reason] = []
    if documents == 0:
        reasons.append(Reason("tender.no-documents", Kind.NOT_VALID, "尚未上传{terms.documents}", law))
    if set(states) != set(parts):
        reasons.append(Reason("tender.keys-not-asked", Kind.NOT_NOW, "尚未请密钥保管人制钥", SEVERAL_HOLDERS))
    elif any(state != CommitteeState.READY for state in states.values()):
        reasons.append(
            Reason("tender.not-rehearsed", Kind.NOT_NOW, "密钥保管人尚未全部制钥并试开启成功", SEVERAL_HOLDERS)
        )
    return tuple(reasons)


def why_not_add_document(*, name: str, size: int, held: Sequence[str]) -> tuple[Reason, ...]:
    """Reasons against one more document.  size: bytes.  held: names already there."""
    plain = name.strip()
    if not plain or plain in (".", "..") or re.search(r"[/\\\x00-\x1f]", plain) or len(plain) > 120:
        return (Reason("document.bad-name", Kind.NOT_VALID, "文件名不合要求"),)
    reasons: list[Reason] = []
    if plain in held:
        reasons.append(Reason("document.same-name", Kind.NOT_VALID, "已有同名文件，请先移除"))
    if not 0 < size <= LARGEST_DOCUMENT:
        reasons.append(Reason("document.size", Kind.NOT_VALID, "文件应不为空，且不超过 100 MB"))
    if len(held) >= MOST_DOCUMENTS:
        reasons.append(Reason("document.too-many", Kind.NOT_VALID, "最多上传 10 个文件"))
    return tuple(reasons)


def why_not_content(*, name: str, head: bytes, inside: Sequence[str]) -> tuple[Reason, ...]:
    """Reasons against what a document holds: its bytes must be what its name says, and run nothing.

    head: its first bytes.  inside: the names packed in it, where it is packed.
    """
    sort = name.strip().rpartition(".")[2].lower()
    if sort not in SORTS:
        text = "不支持该文件类型，可上传：{sorts}"
        return (Reason("document.sort", Kind.NOT_VALID, text, values={"sorts": "、".join(SORTS)}),)
    begins, holds = SORTS[sort]
    if not head.startswith(begins) or (holds and holds not in inside):
        text = "“{name}”的内容与其扩展名不符，请检查文件"
        return (Reason("document.not-what-it-says", Kind.NOT_VALID, text, values={"name": name.strip()}),)
    if any(each.rpartition("/")[2].lower() == "vbaproject.bin" for each in inside):
        return (Reason("document.macros", Kind.NOT_VALID, "“{name}”含有宏，请去除后上传",
                       values={"name": name.strip()}),)  # fmt: skip
    return ()


def why_not_take(*, stage: str, supply_ends_at: datetime, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking the documents: a provider, while they are supplied. Nobody approves it.

    Law: 电子招标投标办法 第20条; 政府采购法实施条例 第31条.
    """
    if by.role is not Role.PROVIDER or not by.organisation:
        return (
            Reason(
                "take.not-provider", Kind.NOT_YOURS, "以供应商身份登录后可获取；阅读公告和文件无需登录", FREE_ACCESS
            ),
        )
    if stage != Stage.OPEN or at >= supply_ends_at:
        return (Reason("take.over", Kind.NOT_NOW, "{terms.documents}提供期限已过"),)
    return ()


def why_not_allot(*, used: int, free: bool) -> tuple[Reason, ...]:
    """Reasons against one more slot.  used: by this bidder in this unit.  free: whether one is."""
    if used >= VERSIONS:
        text = "每家{terms.bidder}每个部分至多提交 {most} 个版本"
        return (Reason("slot.too-many-versions", Kind.NOT_NOW, text, values={"most": VERSIONS}),)
    if not free:
        return (Reason("slot.none-free", Kind.NOT_NOW, "{terms.bid}钥匙已用尽，请联系交易中心"),)
    return ()


def terms(
    *, units: Mapping[str, str], closes_at: datetime, drain: int, window: int, least: int, edition: str,
    scoring: Mapping[str, Any], witnesses: Sequence[str], quorum: int, k: int = THRESHOLD, n: int = HOLDERS,
    batch: Mapping[str, Any] | None = None, rounds: bool = False, closed_hall: bool = False, policy: str = POLICY,
) -> dict[str, Any]:  # fmt: skip
    """The terms bids are made under, as `tender.terms` pins them.  batch: {"number", "lot", "most"} of a lot.

    rounds: prices are sealed after a negotiation, round by round.  closed_hall: what happens at the openings is
    published with the result.
    """
    return {
        **({"closed_hall": True} if closed_hall else {}),
        **({"rounds": True} if rounds else {}),
        **({"batch": dict(batch)} if batch else {}),
        "pol": policy,
        "units": dict(units),
        "k": k,
        "n": n,
        "deadline": iso(closes_at),
        "drain": drain,
        "window": window,
        "min": least,
        "witnesses": {"vkeys": list(witnesses), "quorum": quorum},
        "edition": edition,
        "scoring": dict(scoring),
    }
