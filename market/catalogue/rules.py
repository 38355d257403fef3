"""When a service item may be published, ordered, and what an editor is warned of. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from accounts.rules import Kind as House
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

BASIS_WANTED = Article("优化营商环境条例", "第43条")
BUNDLED = own(90)
REMIND_BEFORE = timedelta(days=60)  # its last legal basis ends; as long afterwards the desk still says it did
LONGEST = 4000  # characters of one text
MOST_ROWS = 40  # bases, materials, steps, parts of one item


class Type(StrEnum):
    """What kind of service it is."""

    REVIEW = "review"  # 审查
    ARGUMENT = "argument"  # 论证
    ASSESSMENT = "assessment"  # 评估
    EVALUATION = "evaluation"  # 评价
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    AUDIT = "audit"  # 鉴证
    APPRAISAL = "appraisal"  # 鉴定
    PROOF = "proof"  # 证明
    ADVICE = "advice"  # 咨询
    TRIAL = "trial"  # 试验
    SURVEY = "survey"  # 勘测、编制


class Fee(StrEnum):
    """Who sets the price."""

    FIXED = "fixed"  # 政府定价
    GUIDED = "guided"  # 政府指导价
    MARKET = "market"  # 市场调节价


class Payer(StrEnum):
    """Who pays. What an authority itself needs it selects and pays for."""

    APPLICANT = "applicant"
    AUTHORITY = "authority"


class Withdrawn(StrEnum):
    """Why a version is no longer offered."""

    LAPSED = "lapsed"  # its legal basis has ended
    CANCELLED = "cancelled"  # its department has cancelled it


# Every element of an item, in the order it is published; the first eight are what the law wants published.
ELEMENTS = (
    "name", "basis", "conditions", "materials", "process", "fee", "limit", "complaint",
    "name_mn", "type", "approval_code", "approval_name", "region", "fee_type", "payer", "statutory", "qualifications",
    "staff", "result", "consultation", "who_may_apply", "bundleable", "parts", "remarks",
)  # fmt: skip
EIGHT = ELEMENTS[:8]
NOT_COUNTED = frozenset(
    {"parts", "remarks", "bundleable", "statutory", "staff", "qualifications"}
)  # empty says something too
CATCH_ALL = re.compile(r"其他|其它|等(?:相关|有关)?(?:材料|资料|文件|证明)|等。?$|有关材料|相关材料|视情况|必要时")


@dataclass(frozen=True, slots=True)
class Warned:
    """What an editor should look at again.  field: of ELEMENTS.  text: Chinese, with {placeholders}."""

    field: str
    text: str
    quoted: str = ""


class Version(Protocol):
    """What rules need to know of a version. The model row fits."""

    number: int
    effective_from: date
    basis_until: date | None
    withdrawn: bool


def ends_on(content: Mapping[str, Any]) -> date | None:
    """The last day an item has its legal basis; a bundle's is the first that one of its parts loses."""
    if not content.get("parts_at"):
        return basis_until(content.get("basis", ()))
    return min((date.fromisoformat(row["until"]) for row in content["parts_at"] if row["until"]), default=None)


def basis_until(basis: Sequence[Mapping[str, Any]]) -> date | None:
    """The last day on which some legal basis of an item still binds; None while one of them has no end."""
    ends = [row.get("until") for row in basis]
    return None if not ends or None in ends or "" in ends else max(date.fromisoformat(str(end)) for end in ends)


def lapsed(version: Version, *, on: date) -> bool:
    """No legal basis of the version binds any more on the day.  Law: 优化营商环境条例 第43条."""
    return version.basis_until is not None and version.basis_until < on


def in_force(versions: Sequence[Version], *, on: date) -> Version | None:
    """The one version in force on a day: the latest that has begun, unless it is withdrawn or its basis has ended.

    A version that is withdrawn does not bring the one before it back.
    """
    begun = [version for version in versions if version.effective_from <= on]
    latest = max(begun, key=lambda version: version.number, default=None)
    return None if latest is None or latest.withdrawn or lapsed(latest, on=on) else latest


def why_not_edit(*, department: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against drafting an item: the department that exercises the power keeps its own items."""
    if by.role is not Role.OFFICER or not by.organisation or by.organisation != department:
        return (Reason("catalogue.not-owner", Kind.NOT_YOURS, "事项由行使该项权力的部门的经办人编制"),)
    return ()


def why_not_begin(*, kind: House) -> tuple[Reason, ...]:
    """Reasons against an item of this organisation: only departments exercise powers."""
    if kind is not House.BUYER:
        return (Reason("catalogue.no-department", Kind.NOT_YOURS, "事项由行使行政权力的部门编制"),)
    return ()


def why_not_code(code: str) -> tuple[Reason, ...]:
    """Reasons against an item's code: one code for one item, on all levels alike."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{2,29}", code):
        text = "事项编码应为3至30位大写字母、数字或连字符"
        return (Reason("catalogue.bad-code", Kind.NOT_VALID, text),)
    return ()


def why_not_publish(
    content: Mapping[str, Any], *, department: str, effective_from: date, latest: Version | None,
    parts: Mapping[str, bool], by: Actor, on: date,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against publishing a version: who, then every element that is missing, and whether the days run forward.

    latest: the version before it.  parts: codes of a bundle's items → in force and fit to be bundled.
    Law: 优化营商环境条例 第43条.
    """
    if reasons := why_not_edit(department=department, by=by):
        return reasons
    reasons = ()
    if not content.get("basis"):
        text = "没有法律、法规或者国务院决定作依据的，不得作为办理审批的条件，不能公布"
        reasons += (Reason("catalogue.no-basis", Kind.NOT_VALID, text, BASIS_WANTED),)
    else:
        ends = ends_on(content)
        if ends is not None and ends < effective_from:
            text = "设置依据到{until}为止，生效日已无依据"
            values = {"until": ends.isoformat()}
            reasons += (Reason("catalogue.basis-over", Kind.NOT_VALID, text, BASIS_WANTED, values),)
    missing = tuple(field for field in EIGHT if field != "basis" and not content.get(field))
    reasons += tuple(
        Reason("catalogue.missing", Kind.NOT_VALID, "缺少“{field}”", BASIS_WANTED, {"field": FIELD_NAMES[field]})
        for field in missing
    )
    if effective_from < on:
        reasons += (Reason("catalogue.backdated", Kind.NOT_VALID, "生效日不能早于今天"),)
    if latest is not None and effective_from <= latest.effective_from:
        text = "生效日应晚于上一版的生效日{day}"
        values = {"day": latest.effective_from.isoformat()}
        reasons += (Reason("catalogue.not-later", Kind.NOT_VALID, text, None, values),)
    reasons += tuple(
        Reason("catalogue.part", Kind.NOT_VALID, "“{code}”不在目录中，或者不能并入多评合一", BUNDLED, {"code": code})
        for code, fit in parts.items()
        if not fit
    )
    if len(content.get("parts", ())) == 1:
        reasons += (Reason("catalogue.one-part", Kind.NOT_VALID, "多评合一至少包含两个事项"),)
    return reasons


def why_not_withdraw(version: Version | None, *, department: str, reason: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking an item out of the directory by hand."""
    if reasons := why_not_edit(department=department, by=by):
        return reasons
    if version is None or version.withdrawn:
        return (Reason("catalogue.not-offered", Kind.NOT_NOW, "该事项不在目录中"),)
    if not reason.strip():
        return (Reason("catalogue.no-reason", Kind.NOT_VALID, "请写明取消的理由，理由将一并公布"),)
    return ()


def why_not_order(
    versions: Sequence[Version], *, on: date, outdated: Sequence[tuple[str, int]] = ()
) -> tuple[Reason, ...]:
    """Reasons against a purchase of an item on a day: only what is in force may be asked for.

    outdated: parts of a bundle that say something else by now: name, version.
    Law: 优化营商环境条例 第43条; 明标平台规则 第90条.
    """
    if in_force(versions, on=on):
        text = "所含事项“{name}”已有第{n}版，要求有变化；本事项更新后方可采购"
        return tuple(
            Reason("catalogue.outdated", Kind.NOT_NOW, text, BUNDLED, {"name": name, "n": number})
            for name, number in outdated
        )
    begun = [version for version in versions if version.effective_from <= on]
    latest = max(begun, key=lambda version: version.number, default=None)
    if latest is not None and lapsed(latest, on=on):
        text = "该事项的设置依据已于{until}失效，不得再要求办理"
        values = {"until": latest.basis_until.isoformat() if latest.basis_until else ""}
        return (Reason("catalogue.lapsed", Kind.NOT_NOW, text, BASIS_WANTED, values),)
    return (Reason("catalogue.not-in-force", Kind.NOT_NOW, "该事项当前没有生效的版本"),)


def why_not_offer(*, ordered: tuple[Reason, ...], price: Decimal | None, unit: str, fixed: bool) -> tuple[Reason, ...]:
    """Reasons against offering an item: it must be in force, and a price be one.

    ordered: reasons against ordering it.  price: yuan a unit.  fixed: its price is the government's.
    """
    reasons = ordered
    if price is not None and (price <= 0 or not unit.strip()):
        reasons += (Reason("catalogue.price", Kind.NOT_VALID, "价格应大于零，并写明计价单位"),)
    if fixed and price is not None:
        reasons += (Reason("catalogue.fixed-price", Kind.NOT_VALID, "政府定价的事项按公布的标准收费，不另报价"),)
    return reasons


def warnings(content: Mapping[str, Any]) -> tuple[Warned, ...]:
    """What an editor should look at again: catch-all clauses (去兜底条款), what is left open, empty elements."""
    found: list[Warned] = []
    for field, text in _texts(content):
        if caught := CATCH_ALL.search(text):
            why = "“{quoted}”是兜底说法，申请人不知道要准备什么；请列明，或者删去"
            found.append(Warned(field, why, caught.group()))
    limit = str(content.get("limit", ""))
    if limit and not re.search(r"\d|[一二三四五六七八九十百]", limit):
        found.append(Warned("limit", "没有写明几日；“{quoted}”无从核对是否按时", limit))
    if content.get("fee_type") in (Fee.FIXED, Fee.GUIDED) and not content.get("fee_basis"):
        found.append(Warned("fee", "政府定价、政府指导价应写明定价文件的文号"))
    if content.get("payer") == Payer.APPLICANT and not content.get("statutory"):
        found.append(Warned("payer", "不是法定必须的事项，应告知申请人可以不办；确属部门需要的，由部门付费"))
    if content.get("statutory") and not content.get("approval_code"):
        found.append(Warned("approval_code", "法定事项应写明它是哪一审批事项的条件"))
    found += [Warned(field, "未填写") for field in missing(content)]
    return tuple(found)


def missing(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Elements that are empty, in order."""
    return tuple(field for field in ELEMENTS if field not in NOT_COUNTED and not content.get(field))


def completeness(content: Mapping[str, Any]) -> tuple[int, int]:
    """How many of the elements that can be filled in are, and how many there are."""
    whole = len(ELEMENTS) - len(NOT_COUNTED)
    return whole - len(missing(content)), whole


def _texts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What people read in an item, field by field."""
    found = [(field, str(content.get(field) or "")) for field in ("conditions", "fee", "result", "who_may_apply")]
    found += [("materials", row["name"]) for row in content.get("materials", ())]
    return found + [("process", step) for step in content.get("process", ())]


FIELD_NAMES: Mapping[str, str] = {
    "name": "事项名称", "basis": "设置依据", "conditions": "申报条件", "materials": "申报材料", "process": "服务流程",
    "fee": "收费标准", "limit": "办理时限", "complaint": "投诉方式", "name_mn": "蒙古文名称", "type": "服务类型",
    "approval_code": "对应审批事项编码", "approval_name": "对应审批事项", "region": "适用地区", "fee_type": "定价方式",
    "payer": "付费方", "statutory": "是否法定必须", "qualifications": "资质要求", "staff": "执业人员要求",
    "result": "成果文件", "consultation": "咨询方式", "who_may_apply": "服务对象", "bundleable": "可否多评合一",
    "parts": "包含事项", "remarks": "备注",
}  # fmt: skip
