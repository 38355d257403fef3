"""Specialties, and who may enter a pool. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

RECUSAL = Article("政府采购法实施条例", "第9条")
BARRED = Article("政府采购法实施条例", "第75条")
POOL_ENTRY = Article("政府采购评审专家管理办法", "第6条")

SPECIALTIES: Mapping[str, str] = {
    "A-office": "办公设备",
    "A-it": "信息技术",
    "A-medical": "医疗设备",
    "A-vehicle": "车辆与机械",
    "A-education": "教学仪器",
    "C-survey": "勘察测绘",
    "C-design": "规划设计",
    "C-cost": "造价咨询",
    "C-audit": "财务与审计",
    "C-law": "法律服务",
}
MOST_SPECIALTIES = 3


class Candidate(Protocol):
    """What a rule needs to know of an expert."""

    employer_code: str
    on_leave_from: date | None
    on_leave_until: date | None
    barred_until: date | None


# Why somebody is not in a pool: code → (sentence, law). The codes are kept with the draw, one for each person left out.
EXCLUSIONS: Mapping[str, tuple[str, Article | None]] = {
    "employer-of-buyer": ("任职于采购人", RECUSAL),
    "employer-of-bidder": ("任职于投标人", RECUSAL),
    "employer-of-agent": ("任职于代理机构", RECUSAL),
    "employer-supervises": ("任职于监督管理部门", RECUSAL),
    "barred": ("处于禁止参加评审期内", BARRED),
    "on-leave": ("请假中", None),
    "called-before": ("本项目此前已被抽取", RECUSAL),
    "employer-on-panel": ("同单位已有人在评审小组", None),
}


def left_out_because(
    expert: Candidate, *, avoid: Mapping[str, str], on: date, called_before: bool = False
) -> str | None:
    """The code why this expert is not in the pool; None when he is.

    avoid: credit code of an employer → its exclusion code.
    Law: 政府采购法实施条例 第9条.
    """
    if called_before:
        return "called-before"
    if (code := avoid.get(expert.employer_code)) is not None:
        return code
    if expert.barred_until is not None and on <= expert.barred_until:
        return "barred"
    if expert.on_leave_from is not None and expert.on_leave_from <= on and (
        expert.on_leave_until is None or on <= expert.on_leave_until
    ):  # fmt: skip
        return "on-leave"
    return None


def why_not_keep_register(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing the register: its keepers do, nobody who buys or bids."""
    if by.role not in (Role.OPERATOR, Role.SUPERVISOR, Role.SYSTEM):
        return (Reason("expert.not-keeper", Kind.NOT_YOURS, "仅专家库管理人员可维护专家名册"),)
    return ()


def why_not_take_leave(*, own: bool, by: Actor, first: date, last: date | None) -> tuple[Reason, ...]:
    """Reasons against a leave: it is the expert's own to take, and ends after it begins."""
    if not own or by.role is not Role.EXPERT:
        return (Reason("expert.not-own-leave", Kind.NOT_YOURS, "只能为自己请假"),)
    if last is not None and last < first:
        return (Reason("expert.leave-backwards", Kind.NOT_VALID, "请假的结束日期早于开始日期"),)
    return ()


def why_not_enrol(*, number: str, specialties: list[str], number_taken: bool) -> tuple[Reason, ...]:
    """Reasons against entering somebody in the register.

    Law: 政府采购评审专家管理办法 第6条.
    """
    reasons: tuple[Reason, ...] = ()
    if not number.strip() or number_taken:
        reasons += (Reason("expert.number", Kind.NOT_VALID, "专家编号为空或已被使用"),)
    if not 1 <= len(set(specialties)) <= MOST_SPECIALTIES:
        reasons += (
            Reason("expert.specialties", Kind.NOT_VALID, "评审专业须为1至{most}个", POOL_ENTRY,
                   {"most": MOST_SPECIALTIES}),
        )  # fmt: skip
    if unknown := sorted(set(specialties) - set(SPECIALTIES)):
        reasons += (
            Reason("expert.unknown-specialty", Kind.NOT_VALID, "没有这个评审专业：{key}", None, {"key": unknown[0]}),
        )
    return reasons
