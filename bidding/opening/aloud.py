"""The common read-out: the host starts it, and from then on the clock says to everybody which row is read now. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bidding.opening.rules import Act, Facts, halted, held, not_host, not_in
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

READ_OUT_LOUD = Article("87号令", "第41条")
LEAD = timedelta(seconds=5)  # until the first row, so that the news has reached everybody
SHORTEST, USUAL, SLOWEST = 6, 12, 60  # seconds a row


def row_now(*, begins_at: datetime, seconds: int, orgs: Sequence[str], at: datetime) -> str:
    """Whose row is read at this instant; nobody's before the first and after the last."""
    place = (at - begins_at) // timedelta(seconds=seconds)
    return orgs[place] if 0 <= place < len(orgs) else ""


def ends_at(*, begins_at: datetime, seconds: int, rows: int) -> datetime:
    """When the last row has been read."""
    return begins_at + timedelta(seconds=seconds) * rows


def why_not_start(facts: Facts, *, by: Actor, rows: int, on: bool, seconds: int = USUAL) -> tuple[Reason, ...]:
    """Reasons against reading the table to everybody at once.

    rows: bidders whose sheet is read out.  on: a read-out is under way.  seconds: a row.
    Law: 87号令 第41条.
    """
    shut = not_host(facts, by) or not_in(facts, Act.RECORD) or halted(facts) or held(facts, by)
    if shut:
        return shut
    if not rows:
        return (Reason("reading.nothing", Kind.NOT_NOW, "本场没有可以{terms.read_out}的内容", READ_OUT_LOUD),)
    if on:
        return (Reason("reading.on", Kind.NOT_NOW, "正在统一{terms.read_out}"),)
    if not SHORTEST <= seconds <= SLOWEST:
        values = {"least": SHORTEST, "most": SLOWEST}
        return (Reason("reading.pace", Kind.NOT_VALID, "每家 {least} 至 {most} 秒", None, values),)
    return ()


def why_not_stop(facts: Facts, *, by: Actor, on: bool) -> tuple[Reason, ...]:
    """Reasons against stopping the read-out before its end."""
    shut = not_host(facts, by) or held(facts, by)
    if not shut and not on:
        shut = (Reason("reading.off", Kind.NOT_NOW, "没有正在进行的统一{terms.read_out}"),)
    return shut
