"""Which ways lead to a person, what goes by them and when, how often it is tried. Pure.

Nothing legal hangs on any of it: what is said stands in the inbox, and times run from acts and notices.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from rulebook.calendar import CHINA
from rulebook.machine import Machine
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason


class Topic(StrEnum):
    """What a message is about, as far as its reader chooses by it and a stranger may know it."""

    TODAY = "today"  # asks for something within hours
    DUTY = "duty"  # asks for something by a day
    PROGRESS = "progress"  # tells what became of something
    REGISTER = "register"  # registers, qualifications, credit
    ACCOUNT = "account"  # who may act in one's name
    HOUSE = "house"  # the house itself is in trouble


class Way(StrEnum):
    """What a person confirms that it is his."""

    EMAIL = "email"
    PHONE = "phone"
    WECHAT = "wechat"


class Channel(StrEnum):
    """By which a message leaves the house."""

    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    VOICE = "voice"


LEADS_TO: Mapping[Channel, Way] = {
    Channel.EMAIL: Way.EMAIL,
    Channel.SMS: Way.PHONE,
    Channel.WECHAT: Way.WECHAT,
    Channel.VOICE: Way.PHONE,
}
PRESSING = frozenset({Topic.TODAY, Topic.ACCOUNT, Topic.HOUSE})  # leave at once, at any hour
# What goes by a way that was confirmed, as long as its person has not chosen otherwise.
USUAL: Mapping[Channel, frozenset[Topic]] = {
    Channel.EMAIL: frozenset(Topic),
    Channel.SMS: frozenset({Topic.TODAY, Topic.DUTY, Topic.ACCOUNT, Topic.HOUSE}),
    Channel.WECHAT: frozenset({Topic.TODAY, Topic.DUTY, Topic.ACCOUNT, Topic.HOUSE}),
    Channel.VOICE: frozenset(),
}


class State(StrEnum):
    """How far one message is on one channel."""

    QUEUED = "queued"
    HANDED = "handed"  # the gateway has it
    DELIVERED = "delivered"  # the gateway says that it arrived
    FAILED = "failed"  # the gateway says that it did not
    GIVEN_UP = "given-up"  # no gateway took it
    NEEDLESS = "needless"  # read before it left, switched off meanwhile, or another said the same just now


# Receipts come in any order, and before the answer to the question they are about: arrived is the last word.
LIFE = Machine(
    {
        State.QUEUED: frozenset(set(State) - {State.QUEUED}),
        State.HANDED: frozenset({State.DELIVERED, State.FAILED}),
        State.FAILED: frozenset({State.DELIVERED}),
        State.GIVEN_UP: frozenset({State.DELIVERED}),  # its answer was lost on the way, not the message
        State.DELIVERED: frozenset(),
        State.NEEDLESS: frozenset(),
    },
    code="reaching.state",
)

# How long what became of a reminder is kept: six months, as records of how a network ran are at least, so that "I was
# never told" can be looked at once more; after that nothing hangs on it, and who was sent what is nobody's business.
# Law: 网络安全法 第21条 (to verify: its renumbering of 2026).
KEPT = timedelta(days=184)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 4 * 3600, 12 * 3600))
STEP = timedelta(minutes=10)
FRESH = timedelta(seconds=300)  # the clocks of a gateway and the house may differ by that
CONFIRM_WITHIN: Mapping[Way, timedelta] = {
    Way.EMAIL: timedelta(hours=24),
    Way.PHONE: timedelta(minutes=10),
    Way.WECHAT: timedelta(minutes=10),
}
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
WECHAT = re.compile(r"[A-Za-z0-9_-]{6,64}", re.ASCII)
ADDRESS: Mapping[Way, re.Pattern[str]] = {Way.EMAIL: EMAIL, Way.PHONE: PHONE, Way.WECHAT: WECHAT}
NOT_AN_ADDRESS: Mapping[Way, str] = {
    Way.EMAIL: "请填写完整的电子邮箱地址，如 name@example.cn",
    Way.PHONE: "请填写11位手机号码",
    Way.WECHAT: "微信标识格式不符",
}


def after_failure(tries: int, *, at: datetime) -> datetime | None:
    """When to try again after so many tries that nobody took; None when it is given up after about seventeen hours."""
    return at + PAUSES[tries - 1] if tries <= len(PAUSES) else None


def is_quiet(at: datetime, *, begins: time | None, ends: time | None) -> bool:
    """Whether an instant falls into somebody's quiet hours, Beijing time, which may reach over midnight."""
    if begins is None or ends is None or begins == ends:
        return False
    there = at.astimezone(CHINA).time()
    return begins <= there < ends if begins < ends else there >= begins or there < ends


def leaves_at(
    topic: Topic, *, due_at: datetime | None, begins: time | None, ends: time | None, at: datetime
) -> datetime:
    """When a message may leave the house.

    What presses leaves at once, and so does what falls due within a day of the end of its person's quiet hours: quiet
    hours never hold back what is urgent today. Everything else leaves at full ten minutes, all of it together: whoever
    runs a gateway, and sees to which addresses something goes in the second in which a correction is announced, would
    know who has obtained the documents.
    """
    if topic in PRESSING:
        return at
    out = _full(at)
    if begins is not None and ends is not None and is_quiet(out, begins=begins, ends=ends):
        there = out.astimezone(CHINA)
        morning = there.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
        out = _full(morning + timedelta(days=morning <= there))
    if due_at is not None and due_at < out + timedelta(days=1):
        return at
    return out


def _full(at: datetime) -> datetime:
    """The next full ten minutes."""
    seconds = STEP.total_seconds()
    return datetime.fromtimestamp(-(-at.timestamp() // seconds) * seconds, tz=at.tzinfo)


def why_not_name(way: Way, address: str, *, offered: Collection[Way]) -> tuple[Reason, ...]:
    """Reasons against taking an address down to be confirmed."""
    if way not in offered:
        return (Reason("reaching.not-offered", Fault.NOT_NOW, "平台暂未开通这种通知方式"),)
    if not ADDRESS[way].fullmatch(address):
        return (Reason("reaching.address", Fault.NOT_VALID, NOT_AN_ADDRESS[way]),)
    return ()


def why_not_choose(*, begins: time | None, ends: time | None) -> tuple[Reason, ...]:
    """Reasons against somebody's choices."""
    if (begins is None) != (ends is None):
        return (Reason("reaching.half-quiet", Fault.NOT_VALID, "免打扰时段的开始和结束要一起填写，或者都不填"),)
    return ()


def why_not_confirm(
    *, waits: bool, expires_at: datetime | None, tries: int, most: int, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against looking at what was sent to an address.  tries: before this one."""
    if not waits or expires_at is None or at >= expires_at or tries >= most:
        return (Reason("reaching.proof-over", Fault.NOT_NOW, "已经失效，请重新填写地址，再确认一次"),)
    return ()


def why_not_hear(*, said_at: datetime, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a gateway's word that is signed well: it is not of now, so it may be somebody's copy."""
    if abs(at - said_at) > FRESH:
        return (Reason("reaching.stale", Fault.NOT_NOW, "时间戳与平台时间相差超过5分钟"),)
    return ()


def next_state(state: State, told: State) -> State | None:
    """What a receipt makes of a message; None when it says nothing new, as one that comes again or too late does."""
    return told if told in LIFE.moves[state] else None


def masked(way: Way, address: str) -> str:
    """What its own person reads of an address: na***@example.cn, 138****0001."""
    if way is Way.EMAIL:
        name, _, host = address.partition("@")
        return f"{name[:2]}***@{host}"
    return f"{address[:3]}****{address[-4:]}"
