"""How an invitation reaches a person: by which ways, when, how often, and in which words. Pure."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason


class Channel(enum.StrEnum):
    """The ways there are."""

    INBOX = "inbox"
    SMS = "sms"
    VOICE = "voice"


class CallState(enum.StrEnum):
    """How far one invitation is on one way."""

    WAITING = "waiting"
    SENT = "sent"  # the gateway has it
    DELIVERED = "delivered"  # the gateway says that it arrived
    FAILED = "failed"
    DROPPED = "dropped"  # answered before it was sent


CALL_LIFE = Machine(
    {
        CallState.WAITING: frozenset({CallState.SENT, CallState.DELIVERED, CallState.FAILED, CallState.DROPPED}),
        CallState.SENT: frozenset({CallState.DELIVERED, CallState.FAILED}),
        CallState.DELIVERED: frozenset(),
        CallState.FAILED: frozenset(),
        CallState.DROPPED: frozenset(),
    },
    code="call.state",
)


@dataclass(frozen=True)
class Way:
    """One way: begun after this share of the time to answer, tried so often, each try so long after the last."""

    after: float
    tries: int
    again: timedelta


WAYS: Mapping[Channel, Way] = {
    Channel.INBOX: Way(0, 1, timedelta()),
    Channel.SMS: Way(0, 3, timedelta(seconds=30)),
    Channel.VOICE: Way(0.25, 3, timedelta(seconds=60)),  # only for who has not answered by then
}


def due(channel: Channel, *, invited_at: datetime, answer_by: datetime) -> datetime:
    """When a way is begun."""
    return invited_at + (answer_by - invited_at) * WAYS[channel].after


def next_try(channel: Channel, *, tries: int, at: datetime) -> datetime | None:
    """When to try again after so many failures; None when it is given up."""
    way = WAYS[channel]
    return at + way.again if tries < way.tries else None


def words(*, starts: str, venue: str, answer_by: str, drawn: bool = True) -> str:
    """All that an invitation says: when and where, and until when to answer. Never for what, for whom, with whom."""
    when = f"时间：{starts}" if starts else "时间：评审小组到齐后"
    how = "随机抽取" if drawn else "选定"
    return f"您被{how}为评审专家。{when}；地点：{venue or '网上评审'}。请在{answer_by}前登录平台答复，勿告知他人。"


def why_not_report(*, state: CallState, known: Collection[CallState] = (CallState.SENT,)) -> tuple[Reason, ...]:
    """Reasons against a gateway's word of what became of a message: it has it, and has not said so before."""
    if state not in known:
        return (Reason("call.reported", Kind.NOT_NOW, "这条通知的送达情况已经登记"),)
    return ()
