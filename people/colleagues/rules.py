"""Who says who acts for a house, how a colleague comes in, goes out and hands over. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.rules import HOUSES, PHONE, STEWARDS, Kind
from rulebook.actor import Actor, Role
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

LAW = own(97)
INVITED_FOR = timedelta(days=7)
MOST_WAITING = 50  # invitations of a house
ADVISED = 2  # administrators
INVITED_FOR_ROLES = sorted(role.value for role in HOUSES if HOUSES[role])


class What(StrEnum):
    """What was done with the people of a house."""

    INVITED = "invited"
    REVOKED = "revoked"
    JOINED = "joined"
    ROLE = "role"
    APPOINTED = "appointed"  # to administer
    DISMISSED = "dismissed"  # administers no more
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GIVEN = "given"  # a project
    WITHDRAWN = "withdrawn"
    ONLY_AUTHORISED = "only-authorised"
    EVERYBODY = "everybody"
    CUSTODIAN = "custodian"
    NO_CUSTODIAN = "no-custodian"
    DRILLED = "drilled"
    KEY_REVOKED = "key-revoked"
    HANDED_OVER = "handed-over"
    LEFT = "left"
    AGREED = "agreed"


def roles_of(kind: Kind) -> list[Role]:
    """The roles somebody may have in that kind of house; none where a citizen buys for himself."""
    return [] if kind is Kind.CITIZEN else [role for role in HOUSES if kind in HOUSES[role]]


def why_not_administer(*, house: str, kind: Kind, administers: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against deciding about the people of a house.

    On the platform's own people the security officer alone decides, and whoever runs the platform never.
    Law: GB/T 22239-2019 8.1.5.
    """
    if by.role is Role.SYSTEM:
        return ()
    if not by.person or by.organisation != house or not administers or kind is Kind.CITIZEN:
        return (Reason("people.not-administrator", Fault.NOT_YOURS, "仅本单位的单位管理员可以办理", LAW),)
    if kind is Kind.PLATFORM and by.role is not Role.SECURITY:
        return (Reason("people.not-security", Fault.NOT_YOURS, "平台人员由安全管理员授权", LAW),)
    return ()


def why_not_appoint_first(*, administrators: int, active: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against putting an administrator into a house that has none: the security officer's remedy."""
    if by.role not in (Role.SECURITY, Role.SYSTEM):
        return (Reason("people.not-security-officer", Fault.NOT_YOURS, "仅平台安全管理员可以办理", LAW),)
    if administrators:
        return (Reason("people.has-administrator", Fault.NOT_NOW, "该单位已有单位管理员，由其办理", LAW),)
    return () if active else (Reason("people.first-blocked", Fault.NOT_NOW, "该人员的账户已停用", LAW),)


FOUNDERS = (Role.SECURITY, Role.OPERATOR, Role.AUDITOR)
APART = Article("GB/T 22239-2019", "8.1.5")


def why_not_found(
    *, held: Collection[Role], names: Mapping[Role, str], one_house: bool, kind: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against bringing the first three keepers into a platform.  held: offices somebody has, or ever had.

    names: of whom there is none yet.  one_house: the auditor would be of the platform's own.  kind: of his house.
    Once there is a security officer he invites the operator, and nobody comes in past him.
    Law: GB/T 22239-2019 8.1.5.
    """
    if by.role is not Role.SYSTEM:
        return (Reason("people.not-system", Fault.NOT_YOURS, "仅可在平台服务器上由部署人员办理", APART),)
    missing = [role for role in FOUNDERS if role not in held]
    if not missing or (Role.SECURITY in held and missing != [Role.AUDITOR]):
        text = "平台已有安全管理员，其余人员由其邀请"
        return (Reason("people.founded", Fault.NOT_NOW, text, APART),)
    reasons: tuple[Reason, ...] = ()
    if one_house or kind not in (Kind.REGULATOR, Kind.NOTARY):
        text = "审计管理员应属于平台以外的监督管理部门或者公证机构"
        reasons += (Reason("people.audits-itself", Fault.NOT_VALID, text, APART),)
    told = [names.get(role, "").strip() for role in missing]
    if any(not 2 <= len(name) <= 30 for name in told):
        reasons += (Reason("people.no-name", Fault.NOT_VALID, "请填写姓名", LAW),)
    if len(set(told)) != len(told):
        text = "系统、安全、审计由三个人分别担任，不得兼任"
        reasons += (Reason("people.three-offices", Fault.NOT_VALID, text, APART),)
    return reasons


def why_not_invite(*, kind: Kind, role: Role | None, name: str, phone: str, waiting: int) -> tuple[Reason, ...]:
    """Reasons against an invitation.  phone: empty where the link is handed over in person.  waiting: open ones."""
    if waiting >= MOST_WAITING:
        text = "未使用的邀请已达 {most} 个，请先撤回不用的"
        return (Reason("people.too-many-invited", Fault.NOT_NOW, text, LAW, {"most": MOST_WAITING}),)
    reasons: tuple[Reason, ...] = ()
    if role not in roles_of(kind):
        reasons += (Reason("people.no-such-role", Fault.NOT_VALID, "本单位没有这个岗位", LAW),)
    if not 2 <= len(name.strip()) <= 30:
        reasons += (Reason("people.no-name", Fault.NOT_VALID, "请填写姓名", LAW),)
    if phone and not PHONE.fullmatch(phone):
        reasons += (Reason("people.phone", Fault.NOT_VALID, "请填写11位手机号码，或者留空、当面交给链接", LAW),)
    return reasons


def why_not_be(*, kind: Kind, role: Role | None) -> tuple[Reason, ...]:
    """Reasons against a role for a colleague."""
    if role in roles_of(kind):
        return ()
    return (Reason("people.role-of-another", Fault.NOT_VALID, "本单位没有这个岗位", LAW),)


def why_not_accept(*, expires_at: datetime, used: bool, revoked: bool, at: datetime) -> tuple[Reason, ...]:
    """Reasons against coming in by an invitation."""
    if used:
        return (Reason("people.invitation-used", Fault.NOT_NOW, "邀请已使用过，请直接登录", LAW),)
    if revoked or at >= expires_at:
        return (Reason("people.invitation-over", Fault.NOT_NOW, "邀请已失效，请向单位管理员要一个新的", LAW),)
    return ()


def why_not_revoke(*, used: bool, revoked: bool) -> tuple[Reason, ...]:
    """Reasons against taking an invitation back."""
    return (Reason("people.not-waiting", Fault.NOT_NOW, "邀请已使用或者已撤回", LAW),) if used or revoked else ()


def why_not_lose(*, administrators: int, administers: bool) -> tuple[Reason, ...]:
    """Reasons against a house's losing this administrator.  administrators: active ones, this one included."""
    if administers and administrators <= 1:
        text = "单位至少保留一名单位管理员，请先指定另一名"
        return (Reason("people.last-administrator", Fault.NOT_NOW, text, LAW),)
    return ()


def why_not_appoint(*, administers: bool, active: bool) -> tuple[Reason, ...]:
    """Reasons against another administrator."""
    if not active:
        return (Reason("people.blocked", Fault.NOT_NOW, "账户已停用", LAW),)
    return (Reason("people.administers", Fault.NOT_NOW, "已经是单位管理员", LAW),) if administers else ()


def why_not_block(*, myself: bool, active: bool) -> tuple[Reason, ...]:
    """Reasons against blocking an account."""
    if myself:
        return (Reason("people.myself", Fault.NOT_NOW, "不能停用自己的账户，请由另一名单位管理员办理", LAW),)
    return () if active else (Reason("people.blocked-already", Fault.NOT_NOW, "账户已经停用", LAW),)


def why_not_unblock(*, active: bool, left: bool) -> tuple[Reason, ...]:
    """Reasons against opening an account again.  left: handed over for good."""
    if left:
        return (Reason("people.left", Fault.NOT_NOW, "该人员已离职交接，再来的重新邀请", LAW),)
    return (Reason("people.not-blocked", Fault.NOT_NOW, "账户没有停用", LAW),) if active else ()


def why_not_hand_over(*, same: bool, active: bool, role: Role, heirs: Role, left: bool) -> tuple[Reason, ...]:
    """Reasons against handing somebody's work over.  heirs: the role of the colleague who takes it."""
    if left:
        return (Reason("people.left-already", Fault.NOT_NOW, "该人员已经交接", LAW),)
    if same or not active:
        return (Reason("people.no-heir", Fault.NOT_VALID, "请选择另一名在岗的同事接手", LAW),)
    if role is not heirs:
        return (Reason("people.other-role", Fault.NOT_VALID, "请选择同一岗位的同事接手", LAW),)
    return ()


def keeps_platform(role: Role) -> bool:
    """Whether the person must be known by identity number."""
    return role in STEWARDS
