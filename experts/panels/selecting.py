"""Experts picked by the buyer itself, where the law lets it: on which grounds, and on whose consent. Pure."""

from collections.abc import Collection, Mapping, Sequence

from experts.panels.elsewhere import LARGEST
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST_REASON = 300
# Why a random draw cannot give the panel.
GROUNDS: Mapping[str, str] = {
    "short": "专家库中符合条件的人员不足，无法随机抽取",
    "special": "技术复杂、专业性强，随机抽取难以确定合适的评审专家",
}


def why_not_propose(
    *, law: Article | None, ground: str, reason: str, evidence: int, short: bool, members: Sequence[tuple[str, str]],
    employers: Mapping[str, str], out: Collection[str], specialties: Mapping[str, Collection[str]], waiting: bool,
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against picking these experts.

    law: the article of the procedure that lets the buyer; None: none does.  evidence: bytes of the consent of the
    office that budgets for it.  short: a list really is too short.  members: (specialty, register number).  employers:
    number → employer, for those there are.  out: numbers of those who may not judge; why is not said here.
    specialties: number → what he has.
    Law: 政府采购评审专家管理办法 第13条; 招标投标法实施条例 第47条.
    """
    if law is None:
        return (Reason("selection.never", Kind.NOT_NOW, "本程序不得自行选定评审专家"),)
    if waiting:
        return (Reason("selection.waiting", Kind.NOT_NOW, "已有一份自行选定的申请待决定", law),)
    reasons: tuple[Reason, ...] = ()
    if ground not in GROUNDS:
        reasons += (Reason("selection.ground", Kind.NOT_VALID, "请选择自行选定的法定情形", law),)
    if ground == "short" and not short:
        reasons += (Reason("selection.list-long-enough", Kind.NOT_VALID, "专家库名单足够，应当随机抽取", law),)
    if not 4 <= len(reason.strip()) <= LONGEST_REASON:
        reasons += (Reason("selection.reason", Kind.NOT_VALID, "请写明理由（4至300字），理由将公开", law),)
    if not 0 < evidence <= LARGEST:
        text = "请附主管预算单位同意的文件（不超过10 MB）"
        reasons += (Reason("selection.evidence", Kind.NOT_VALID, text, law),)
    return reasons + why_not_members(members, employers=employers, out=out, specialties=specialties, law=law)


def why_not_members(
    members: Sequence[tuple[str, str]], *, employers: Mapping[str, str], out: Collection[str],
    specialties: Mapping[str, Collection[str]], law: Article | None,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against these experts themselves, of which the buyer is not told what ties whom to whom."""
    numbers = [number for _, number in members]
    reasons: tuple[Reason, ...] = ()
    if not numbers or len(set(numbers)) != len(numbers):
        reasons += (Reason("selection.twice", Kind.NOT_VALID, "请列出所选专家，每人一次", law),)
    for key, number in members:
        if number not in employers or number in out or key not in specialties.get(number, ()):
            text = "{number}不在专家库该专业中，或者依规定不得参加本项目评审"
            reasons += (Reason("selection.member", Kind.NOT_VALID, text, law, {"number": number}),)
    houses = [employers[number] for number in numbers if number in employers]
    if len(set(houses)) != len(houses):
        reasons += (Reason("selection.one-employer", Kind.NOT_VALID, "同一单位至多选定一人", law),)
    return reasons


def why_not_fill(strata: Sequence[tuple[str, int]], *, wanted: Mapping[str, int]) -> tuple[Reason, ...]:
    """Reasons against these for a panel that is short: exactly the seats it lacks are filled."""
    if dict(strata) != dict(wanted):
        return (Reason("selection.seats-wanted", Kind.NOT_VALID, "人数和专业须与所缺席位一致"),)
    return ()


def why_not_decide(*, waiting: bool, agreed: bool | None, why: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a decision on such a proposal: the supervision body's, and a refusal says why."""
    if shut := not_deciding(by):
        return shut
    if not waiting:
        return (Reason("selection.none", Kind.NOT_NOW, "没有待决定的申请"),)
    if agreed is None or len(why) > LONGEST_REASON or (not agreed and len(why.strip()) < 4):
        return (Reason("selection.why", Kind.NOT_VALID, "请选择是否同意；不同意的写明理由（4至300字）"),)
    return ()


def not_deciding(by: Actor) -> tuple[Reason, ...]:
    """The reason for whoever is not of the supervision body."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("selection.not-supervisor", Kind.NOT_YOURS, "由监督部门决定"),)
    return ()
