"""The directory in people's words, and one version as rows of a page, a sheet of paper and a PDF alike."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from market.catalogue.bundling import TAKEN
from market.catalogue.rules import FIELD_NAMES, Fee, Payer, Type, Warned, Withdrawn
from market.catalogue.tariffs import tariff_of

TYPE_WORDS = {
    Type.REVIEW: gettext_lazy("审查"), Type.ARGUMENT: gettext_lazy("论证"), Type.ASSESSMENT: gettext_lazy("评估"),
    Type.EVALUATION: gettext_lazy("评价"), Type.INSPECTION: gettext_lazy("检验"), Type.TESTING: gettext_lazy("检测"),
    Type.AUDIT: gettext_lazy("鉴证"), Type.APPRAISAL: gettext_lazy("鉴定"), Type.PROOF: gettext_lazy("证明"),
    Type.ADVICE: gettext_lazy("咨询"), Type.TRIAL: gettext_lazy("试验"), Type.SURVEY: gettext_lazy("勘测编制"),
}  # fmt: skip
FEE_WORDS = {
    Fee.FIXED: gettext_lazy("政府定价"), Fee.GUIDED: gettext_lazy("政府指导价"), Fee.MARKET: gettext_lazy("市场调节价"),
}  # fmt: skip
PAYER_WORDS = {Payer.APPLICANT: gettext_lazy("申请人"), Payer.AUTHORITY: gettext_lazy("行政机关")}
WITHDRAWN_WORDS = {Withdrawn.LAPSED: gettext_lazy("依据失效"), Withdrawn.CANCELLED: gettext_lazy("已退出目录")}


def type_words(type: str) -> str:
    return str(TYPE_WORDS[Type(type)])


def basis(row: Mapping[str, Any]) -> str:
    """A legal basis as texts quote it, with its last day where it has one."""
    text = f"《{row['law']}》{row['article']}"
    return text + _("（至 {until} 止）").format(until=row["until"]) if row.get("until") else text


def material(row: Mapping[str, Any]) -> str:
    told = "，".join(part for part in (row.get("form", ""), row.get("copies", "")) if part)
    return f"{row['name']}（{told}）" if told else str(row["name"])


def qualification(content: Mapping[str, Any]) -> str:
    """What a provider must hold, in one sentence."""
    rows = [f"{row['kind']} {row.get('grade', '')}".strip() for row in content.get("qualifications", ())]
    if not rows:
        return ""
    joined = "、".join(rows)
    return (
        joined
        if len(rows) == 1
        else _("须全部具备：{rows}").format(rows=joined)
        if content.get("qualification_mode") == "all"
        else _("具备其一：{rows}").format(rows=joined)
    )


def staff(content: Mapping[str, Any]) -> str:
    """Which practising staff a provider must have."""
    return "；".join(
        _("{kind} 不少于 {count} 人").format(kind=row["kind"], count=row.get("count") or 1)
        for row in content.get("staff", ())
    )


def tariff(content: Mapping[str, Any]) -> str:
    """What the government lets an item cost, in one line; empty where the market does."""
    held = tariff_of(content)
    if held is None:
        return ""
    if held.fixed:
        text = _("{most} 元/{unit}（{document}）")
    elif held.least is None:
        text = _("最高 {most} 元/{unit}（{document}）")
    else:
        text = _("{least} 至 {most} 元/{unit}（{document}）")
    return text.format(most=held.most, least=held.least, unit=held.unit, document=held.document)


def rows(content: Mapping[str, Any], *, parts: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The elements of a version in the order they are published: label and lines. The eight come first, empty or not.

    parts: names of a bundle's items by code.
    """
    told: dict[str, list[str]] = {
        "name": [content.get("name", "")],
        "basis": [basis(row) for row in content.get("basis", ())],
        "conditions": lines(content.get("conditions")),
        "materials": [material(row) for row in content.get("materials", ())],
        "process": [f"{n}. {step}" for n, step in enumerate(content.get("process", ()), 1)],
        "fee": [str(FEE_WORDS[Fee(content["fee_type"])])] * bool(content.get("fee_type"))
        + lines(content.get("fee"))
        + lines(tariff(content)),
        "limit": lines(content.get("limit")),
        "complaint": lines(content.get("complaint")),
    }
    more = {
        "type": [type_words(content["type"])] if content.get("type") else [],
        "approval_name": [" ".join(filter(None, (content.get("approval_name"), content.get("approval_code"))))],
        "region": lines(content.get("region")),
        "payer": [str(PAYER_WORDS[Payer(content["payer"])])] if content.get("payer") else [],
        "statutory": [_("是，法律、法规要求办理") if content.get("statutory") else _("否，申请人可以不办")],
        "qualifications": lines(qualification(content)),
        "staff": lines(staff(content)),
        "result": lines(content.get("result")),
        "who_may_apply": lines(content.get("who_may_apply")),
        "consultation": lines(content.get("consultation")),
        "bundleable": [_("可以并入多评合一") if content.get("bundleable") else _("单独办理")],
        "parts": [_part(code, content, parts) for code in content.get("parts", ())],
        "remarks": lines(content.get("remarks")),
    }
    return [(_(FIELD_NAMES[field]), found) for field, found in told.items()] + [
        (_(FIELD_NAMES[field]), found) for field, found in more.items() if any(found)
    ]


def _part(code: str, content: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A part of a bundle, with the version its requirements were taken from."""
    made = next((each for each in content.get("parts_at", ()) if each["code"] == code), None)
    name = made["name"] if made else names.get(code, code)
    return f"{name}（{code}）" + (_("，第 {n} 版").format(n=made["version"]) if made else "")


def taken(content: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What a bundle takes from its parts, as rows."""
    told = dict(rows(content, parts={}))
    return [(label, told[label]) for field in TAKEN if (label := _(FIELD_NAMES.get(field, ""))) in told]


def lines(text: object) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def warned(each: Warned) -> tuple[str, str]:
    """A warning as (element, sentence)."""
    return _(FIELD_NAMES[each.field]), _(each.text).format(quoted=each.quoted)
