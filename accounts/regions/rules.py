"""Which divisions an installation serves, and who gives an office its division: two of the three offices do. Pure."""

from collections.abc import Collection
from enum import StrEnum

from accounts.rules import STEWARDS
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.jurisdiction import STAFF
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason
from rulebook.regions import containing, is_division, reaches

LAW = own(98)
THREE = Article("GB/T 22239-2019", "8.1.5")
LONGEST = 60  # characters of a name
# Somebody of these has to reach everywhere: else what lies in no region (a house from another province, a fault of the
# whole house, the next act on this register) would wait for nobody.
EVERYWHERE = frozenset({Role.SUPERVISOR, Role.OPERATOR, Role.SECURITY, Role.AUDITOR})


class Act(StrEnum):
    """What two of them do together."""

    ENTER = "enter"  # a division is served from here on, or is called otherwise, or another body supervises it
    STRIKE = "strike"  # a division is served no longer by itself: what lies in it belongs to the one above
    POST = "post"  # an office reaches a division from here on


def why_not_keep(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against touching the register: whoever runs, secures or audits the platform, and reaches everywhere."""
    if by.role not in STEWARDS or not by.person:
        return (Reason("regions.not-steward", Fault.NOT_YOURS, "由系统、安全、审计管理人员中的两人办理", THREE),)
    if by.region:
        return (Reason("regions.not-everywhere", Fault.NOT_YOURS, "辖区由全区的管理人员设置", LAW),)
    return ()


def why_not_enter(*, code: str, names: tuple[str, str, str], body: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against serving a division.  names: 中文、蒙、英; the first is needed.  body: a supervising one is known.

    Law: GB/T 2260 gives the digits.
    """
    return why_not_keep(by=by) or why_not_name(code=code, names=names, body=body)


def why_not_name(*, code: str, names: tuple[str, str, str], body: bool) -> tuple[Reason, ...]:
    """What is wrong with a division as it is said, whoever says it."""
    reasons: tuple[Reason, ...] = ()
    if not is_division(code):
        text = "区划代码按 GB/T 2260 填写：自治区二位、盟市四位、旗县六位"
        reasons += (Reason("regions.code", Fault.NOT_VALID, text, Article("GB/T 2260", "全文")),)
    if not names[0].strip() or any(len(name) > LONGEST for name in names):
        reasons += (Reason("regions.name", Fault.NOT_VALID, "请填写地区名称，不超过60字"),)
    if not body:
        reasons += (Reason("regions.body", Fault.NOT_VALID, "监督部门须是已登记的监督管理部门"),)
    return reasons


def why_not_strike(*, known: bool, posted: int, by: Actor) -> tuple[Reason, ...]:
    """Reasons against serving a division no longer.  posted: how many offices reach just it."""
    if shut := why_not_keep(by=by):
        return shut
    if not known:
        return (Reason("regions.unknown", Fault.NOT_VALID, "登记簿中没有这个地区"),)
    if posted:
        text = "还有{n}人任职于该地区，请先另行指定"
        return (Reason("regions.posted", Fault.NOT_NOW, text, LAW, {"n": posted}),)
    return ()


def why_not_post(*, role: Role, known: bool, code: str, others: int, by: Actor) -> tuple[Reason, ...]:
    """Reasons against giving somebody's office a division.

    code: empty for everywhere.  known: it is in the register.  others: how many more of that role reach everywhere.
    """
    if shut := why_not_keep(by=by):
        return shut
    if role not in STAFF:
        return (Reason("regions.not-staff", Fault.NOT_VALID, "只有监督、见证、运营、安全、审计人员有辖区"),)
    if code and not known:
        return (Reason("regions.unknown", Fault.NOT_VALID, "登记簿中没有这个地区"),)
    if code and role in EVERYWHERE and not others:
        text = "这类人员须至少有一人负责全区，否则区外和未设区的事项无人办理"
        return (Reason("regions.last-everywhere", Fault.NOT_NOW, text, LAW),)
    return ()


def why_not_confirm(
    *, proposed_by: str, proposed_role: str, subject: str, is_open: bool, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against confirming what another proposed: another person of another of the three offices, once.

    subject: public id of whose office it is about, who does not decide about himself; empty for a division.
    Law: GB/T 22239-2019 8.1.5.
    """
    if shut := why_not_keep(by=by):
        return shut
    if by.person == proposed_by or by.role == proposed_role:
        text = "须由系统、安全、审计三者中另一岗位的另一人确认"
        return (Reason("regions.two", Fault.NOT_YOURS, text, THREE),)
    if subject and by.person == subject:
        return (Reason("regions.own", Fault.NOT_YOURS, "不能确认本人的辖区", THREE),)
    if not is_open:
        return (Reason("regions.over", Fault.NOT_NOW, "该事项已经确认或者撤回"),)
    return ()


def parent_of(code: str, known: Collection[str]) -> str:
    """The next division above that is served; empty where there is none."""
    return next((each for each in containing(code)[1:] if each in known), "")


def served(region: str, known: Collection[str]) -> str:
    """The most specific division of the register that a region lies in; empty where none does."""
    return next((each for each in containing(region) if each in known), "")


def beneath(code: str, known: Collection[str]) -> list[str]:
    """A division and what is served beneath it, by digits."""
    return sorted(each for each in known if reaches(code, each))
