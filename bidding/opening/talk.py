"""Words between host and bidders, who is muted, whose identity was checked, who confirmed his price. Pure."""

from datetime import timedelta
from enum import StrEnum

from bidding.opening.rules import PLAYED, Act, Facts, held, not_bidder, not_host, not_in
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

LONGEST = 300  # characters of one message
AT_MOST = 10  # messages of one side …
WITHIN = timedelta(minutes=1)  # … in this time
ALL = "all"
HOST = "host"


class Deposit(StrEnum):
    """What is on record about a bidder's deposit or guarantee."""

    NOT_ASKED = "not-asked"
    RECEIVED = "received"
    MISSING = "missing"


def side_of(facts: Facts, by: Actor) -> str:
    """For whom somebody speaks in the hall: the host, a bidder by his code, or nobody."""
    if not not_host(facts, by):
        return HOST
    return by.organisation if by.role is Role.PROVIDER and by.organisation in facts.bidders else ""


def why_not_say(facts: Facts, *, by: Actor, to: str, sent: int, muted: bool) -> tuple[Reason, ...]:
    """Reasons against a message: host to all or to one bidder, a bidder to the host alone, never among bidders.

    sent: how many this side sent within the last minute.
    """
    side = side_of(facts, by)
    if not side:
        return not_in(facts, *PLAYED) or (
            Reason("message.not-yours", Kind.NOT_YOURS, "仅主持人和{terms.bidder}可发送消息"),
        )
    shut = not_in(facts, *PLAYED) or (held(facts, by) if side == HOST else ())
    if shut:
        return shut
    if side != HOST and to != HOST:
        return (Reason("message.among-bidders", Kind.NOT_YOURS, "{terms.bidder}只能向主持人发送消息"),)
    if side == HOST and to != ALL and to not in facts.bidders:
        return (Reason("message.no-such-bidder", Kind.NOT_VALID, "收件人不是本次{terms.opening}的{terms.bidder}"),)
    if muted:
        return (Reason("message.muted", Kind.NOT_YOURS, "主持人已停止您发送消息，异议仍可提出"),)
    if sent >= AT_MOST:
        values = {"most": AT_MOST}
        return (Reason("message.too-many", Kind.NOT_NOW, "每分钟最多发送 {most} 条消息，请稍后再发", None, values),)
    return ()


def why_not_mute(facts: Facts, *, by: Actor, bidder: str) -> tuple[Reason, ...]:
    """Reasons against stopping a bidder's messages, or letting him write again. He may object all the same."""
    return _host_of(facts, by) or _no_bidder(facts, bidder)


def why_not_check_identity(facts: Facts, *, by: Actor, bidder: str, fits: bool, reason: str) -> tuple[Reason, ...]:
    """Reasons against noting a bidder's identity check; whatever it says, the opening goes on."""
    shut = _host_of(facts, by) or _no_bidder(facts, bidder)
    if not shut and facts.act is Act.RECORD:
        shut = (
            Reason(
                "identity.recorded", Kind.NOT_NOW, "{terms.opening}记录已经生成，身份查验不再更改", facts.laws.recorded
            ),
        )
    if not shut and not fits and not reason:
        shut = (Reason("identity.needs-reason", Kind.NOT_VALID, "不符合的，请写明理由"),)
    return shut


def why_not_confirm_price(
    facts: Facts, *, by: Actor, read_out: bool, agrees: bool, reason: str, done: bool
) -> tuple[Reason, ...]:
    """Reasons against a bidder's confirming what was read out for him; once."""
    side = by.organisation if by.role is Role.PROVIDER else ""
    shut = not_bidder(facts, side) or not_in(facts, *PLAYED)
    if shut:
        return shut
    if not read_out:
        return (Reason("price.not-read-out", Kind.NOT_NOW, "本单位的报价尚未{terms.read_out}"),)
    if done:
        return (Reason("price.confirmed", Kind.NOT_NOW, "本单位已经核对报价"),)
    if not agrees and not reason:
        return (Reason("price.needs-reason", Kind.NOT_VALID, "报价有误的，请写明何处有误"),)
    return ()


def _host_of(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    return not_host(facts, by) or not_in(facts, *PLAYED) or held(facts, by)


def _no_bidder(facts: Facts, bidder: str) -> tuple[Reason, ...]:
    if bidder in facts.bidders:
        return ()
    return (Reason("message.no-such-bidder", Kind.NOT_VALID, "收件人不是本次{terms.opening}的{terms.bidder}"),)
