"""Who may receive protected tips, what one is, and by when a body answers for having got it. Pure.

Nothing here asks who tells: no address, no session, no device. What keeps a flood out is work and a budget for all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from proofs import tip
from rulebook.actor import Actor, Role
from rulebook.calendar import add_working_days, day_in_china
from rulebook.house import own
from rulebook.refusal import Kind, Reason

LAW = own(88)
ACKNOWLEDGED_WITHIN = 5  # working days after the tip's day
BODIES = 2  # that one tip is sealed to
FROM_OUTSIDE = 896  # messages of tipsters a day; the rest of a day's tree is kept for answers
SENT_A_MINUTE, READ_A_MINUTE = 60, 600  # by everybody together: whose they are is not asked


class Outcome(StrEnum):
    """What a body closes a tip with; what it found is sealed."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    HANDED = "handed"  # its own report went to a case or to another authority
    NOT_OURS = "not-ours"


class What(StrEnum):
    """What a body did about a tip."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


def acknowledge_by(day: date) -> date:
    """The last day on which a body may acknowledge.  Law: 明标平台规则 第88条."""
    return add_working_days(day, ACKNOWLEDGED_WITHIN)


def overdue(*, day: date, acknowledged: bool, on: date) -> bool:
    """Whether a body let its days pass without a word; the other body is shown it."""
    return not acknowledged and on > acknowledge_by(day)


def may_receive(by: Actor) -> bool:
    """A supervisor acts for a body that may receive tips."""
    return by.role is Role.SUPERVISOR and bool(by.organisation)


def why_not_stand(*, said: Mapping[str, Any], key: bytes, key_sha256: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against entering a reading key: one's own body's, signed by it, for tips and for nothing else."""
    if not may_receive(by):
        return (Reason("tips.not-supervisor", Kind.NOT_YOURS, "仅监督管理部门可以登记接收密钥"),)
    if said["org"] != by.organisation:
        return (Reason("tips.foreign-key", Kind.NOT_YOURS, "声明不是本单位的"),)
    asked = {"unit": tip.UNIT, "role": "c", "n": 1, "keys_sha256": key_sha256}
    if len(key) != 32 or any(said[name] != value for name, value in asked.items()):
        return (Reason("tips.wrong-key", Kind.NOT_VALID, "声明与接收密钥不符"),)
    return ()


def why_not_leave(*, standing: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against receiving no new tips."""
    if not may_receive(by):
        return (Reason("tips.not-yours-to-leave", Kind.NOT_YOURS, "仅接收单位可以退出"),)
    return () if standing else (Reason("tips.not-standing", Kind.NOT_NOW, "本单位没有登记接收"),)


def why_not_knock(*, this_minute: int, most: int) -> tuple[Reason, ...]:
    """Reasons against hearing anybody just now: a budget of all, so that nobody need be told apart."""
    if this_minute <= most:
        return ()
    return (Reason("tips.busy", Kind.NOT_NOW, "现在使用的人过多，请过一分钟再试；写好的内容仍在您的页面上", LAW),)


def why_not_send(
    *, lookup: bytes, seq: int, last: int, to: Sequence[str], standing: Sequence[str], size_known: bool, worked: bool,
    today: int,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against taking a tipster's message. They are the same for everybody, and say nothing of whose it is.

    last: the number of the last message under this code, 0 when there is none.  to: the bodies of a first message.
    today: tipsters' messages of the day.
    """
    if len(lookup) != 32 or not size_known:
        return (Reason("tips.malformed", Kind.NOT_VALID, "不是规定格式的密封线索"),)
    if not worked:
        return (Reason("tips.no-work", Kind.NOT_VALID, "没有附上防滥发的计算结果"),)
    if today >= FROM_OUTSIDE:
        return (Reason("tips.busy-day", Kind.NOT_NOW, "今天收到的线索过多，请明天再发，或者邮寄、电话举报", LAW),)
    if seq != last + 1:
        return (Reason("tips.out-of-turn", Kind.NOT_NOW, "在此期间有了新的消息，请先重新读取"),)
    if not last and (len(to) != BODIES or len(set(to)) != BODIES or not set(to) <= set(standing)):
        return (Reason("tips.two-bodies", Kind.NOT_VALID, "应密封给两家不同的接收单位", LAW),)
    return ()


def why_not_say(
    *, size_known: bool, seq: int, last: int, closed: bool, closing: bool, outcome_known: bool
) -> tuple[Reason, ...]:
    """Reasons against a body's answer, or its finding where it closes; once closed it may still answer."""
    if not size_known:
        return (Reason("tips.answer-malformed", Kind.NOT_VALID, "不是规定格式的密封答复"),)
    if closing and closed:
        return (Reason("tips.closed", Kind.NOT_NOW, "本单位已经办结"),)
    if closing and not outcome_known:
        return (Reason("tips.no-outcome", Kind.NOT_VALID, "请选择办理结果"),)
    if seq != last + 1:
        return (Reason("tips.answer-out-of-turn", Kind.NOT_NOW, "在此期间有了新的消息，请先重新打开"),)
    return ()


def why_not_acknowledge(*, acknowledged: bool) -> tuple[Reason, ...]:
    """Reasons against acknowledging: once is enough."""
    return (Reason("tips.acknowledged", Kind.NOT_NOW, "本单位已经确认收到"),) if acknowledged else ()


def day_of(at: datetime) -> date:
    """All that is kept of an instant: its day in China."""
    return day_in_china(at)
