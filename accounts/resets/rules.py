"""Who may restore somebody's access, how long its code lasts, and for how long the record shows it."""

from datetime import datetime, timedelta
from enum import StrEnum

from rulebook.actor import Actor, Role
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

CODE_LASTS = timedelta(hours=2)
ASKED_LASTS = timedelta(days=1)  # a request nobody confirms in this time is over
COOLING_LASTS = timedelta(hours=24)
ENOUGH = 2  # who may vouch: from here on a house restores its own people's access without the operators


COOLING = Reason(
    "accounts.cooling", Fault.NOT_NOW,
    "您的登录方式刚由他人协助恢复，二十四小时内不能移除验证方式、登记新密钥或为他人恢复；投标、开标等事项照常办理",
)  # fmt: skip


class Lost(StrEnum):
    """What somebody has lost; everything else he signs in with stays and is still asked for."""

    FACTOR = "factor"
    PASSWORD = "password"


def why_not_vouch(
    *, subject: str, organisation: str, vouchers: int, may: bool, cooling: bool, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against anybody's taking part in restoring this person's access.

    subject: public id.  organisation: of the subject.  vouchers: others of that organisation who may, its
    administrators where it has two of them besides the subject, everybody where it has not.  may: one of them acts.
    cooling: the voucher's own access was restored of late.
    """
    mine = bool(organisation) and by.organisation == organisation
    if by.person == subject:
        return (Reason("accounts.reset-own", Fault.NOT_YOURS, "自己的登录方式须由他人恢复"),)
    if not mine and by.role is not Role.OPERATOR:
        return (Reason("accounts.reset-stranger", Fault.NOT_YOURS, "只有本单位人员可为同事恢复登录"),)
    if mine and not may:
        return (Reason("accounts.reset-administrators", Fault.NOT_YOURS, "登录由本单位管理员恢复"),)
    if not mine and vouchers >= ENOUGH:
        return (
            Reason("accounts.reset-house", Fault.NOT_YOURS, "该单位有两名以上其他人员，由本单位自行恢复，平台不介入"),
        )
    return (COOLING,) if cooling else ()


def why_not_ask(*, reason: str, identity: str, asked: bool) -> tuple[Reason, ...]:
    """Reasons against asking.  identity: how it was made sure who asks.  asked: a request waits already."""
    reasons: tuple[Reason, ...] = ()
    if len(reason.strip()) < 4:
        reasons += (Reason("accounts.reset-reason", Fault.NOT_VALID, "请写明原因"),)
    if len(identity.strip()) < 4:
        reasons += (Reason("accounts.reset-identity", Fault.NOT_VALID, "请写明怎样核对了本人身份"),)
    if asked:
        reasons += (Reason("accounts.reset-asked", Fault.NOT_NOW, "已有一项恢复申请在等待另一人确认"),)
    return reasons


def why_not_confirm(
    *, asked_by: str, asked_at: datetime, is_open: bool, reason: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against confirming.  asked_by: public id of who asked."""
    if by.person == asked_by:
        return (Reason("accounts.reset-two", Fault.NOT_YOURS, "提出人不能自己确认，须由另一人办理"),)
    if not is_open or at >= asked_at + ASKED_LASTS:
        return (Reason("accounts.reset-over", Fault.NOT_NOW, "这项恢复申请已经办结或者过期"),)
    if len(reason.strip()) < 4:
        return (Reason("accounts.reset-checked", Fault.NOT_VALID, "请写明您怎样核对了本人身份"),)
    return ()


def why_not_drop(*, is_open: bool) -> tuple[Reason, ...]:
    """Reasons against dropping a request."""
    if not is_open:
        return (Reason("accounts.reset-settled", Fault.NOT_NOW, "这项恢复申请已经办结"),)
    return ()
