"""Holding the hall and its clock: who hosts now, pausing, more time, outages. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bidding.opening.rules import PLAYED, Act, Facts, halted, held, not_host, not_in
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

LEASE = timedelta(seconds=60)  # without a sign of presence so long, another officer may take over
RENEW = 20  # seconds between the signs of presence a page gives
TIMED = (Act.BIDDERS, Act.HOLDERS, Act.RESCUE, Act.CAUSES)  # acts with a clock
HOSTED = (Act.SEALING, Act.CLOSED, *PLAYED, Act.BETWEEN)  # acts in which somebody hosts
LONGEST = 240  # minutes one extension may give
OUTAGE = timedelta(hours=72)
HOST, SUPERVISOR = "host", "supervisor"


def why_not_take(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against taking the hall as its host: while another officer is present in it."""
    return not_host(facts, by) or not_in(facts, *HOSTED) or held(facts, by)


def why_not_hand_over(facts: Facts, *, by: Actor, to: str, officers: Collection[str]) -> tuple[Reason, ...]:
    """Reasons against handing the hall to another officer of the same house."""
    shut = not_host(facts, by) or not_in(facts, *HOSTED) or held(facts, by)
    if not shut and (to == by.person or to not in officers):
        shut = (Reason("hall.no-such-officer", Kind.NOT_VALID, "只能移交给本单位的另一名经办人"),)
    return shut


def side_of(facts: Facts, by: Actor) -> str:
    """In whose name somebody may pause: the host's, the supervisor's, or nobody's."""
    if by.role is Role.SUPERVISOR:
        return SUPERVISOR
    return "" if not_host(facts, by) else HOST


def why_not_pause(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against pausing: the host's and the supervisor's right."""
    return _not_either(facts, by) or not_in(facts, *PLAYED) or halted(facts) or _held(facts, by)


def why_not_resume(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against resuming: what the supervisor ordered, he alone ends."""
    shut = _not_either(facts, by) or not_in(facts, *PLAYED)
    if not shut and not facts.paused:
        shut = (Reason("hall.not-paused", Kind.NOT_NOW, "{terms.opening}未暂停"),)
    if not shut and facts.paused_by == SUPERVISOR and side_of(facts, by) != SUPERVISOR:
        shut = (Reason("hall.paused-by-supervisor", Kind.NOT_YOURS, "监督人员责令暂停的，由监督人员恢复"),)
    return shut or _held(facts, by)


def why_not_extend(facts: Facts, *, by: Actor, minutes: int | None, at: datetime) -> tuple[Reason, ...]:
    """Reasons against giving the present turn more time, for all alike.  minutes: None where only the gates matter."""
    shut = not_host(facts, by) or not_in(facts, *TIMED) or halted(facts) or held(facts, by)
    if not shut and facts.turn_ends is not None and at >= facts.turn_ends:
        shut = (Reason("hall.turn-over", Kind.NOT_NOW, "本环节时间已到，不再延长"),)
    if not shut and minutes is not None and not 1 <= minutes <= LONGEST:
        values = {"most": LONGEST}
        shut = (Reason("hall.extension-length", Kind.NOT_VALID, "延长时间应为 1 至 {most} 分钟", None, values),)
    return shut


@dataclass(frozen=True)
class Outage:
    """An outage as somebody tells it, and what is known of it.

    begins: when what it may lengthen began to run: the notice, or the session.  counted: some of its minutes were
    given under another number.
    """

    since: datetime
    until: datetime
    begins: datetime
    counted: bool = False


def why_not_report_incident(
    facts: Facts, *, by: Actor, outage: Outage, known: bool, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against reporting an outage of the platform: the operator's and the supervisor's duty.

    known: its number was reported.
    """
    shut = _not_on_duty(facts, by)
    if not shut and known:
        shut = (Reason("incident.known", Kind.NOT_NOW, "该编号的故障已经登记"),)
    return shut or _not_an_outage(outage, at=at)


def why_not_confirm_incident(
    facts: Facts, *, by: Actor, reporter: str, confirmed: bool, outage: Outage | None, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against confirming what another has reported: as one person, nobody lengthens anything by an outage.

    reporter: who reported it.  outage: None when nobody has.
    """
    shut = _not_on_duty(facts, by)
    if shut:
        return shut
    if outage is None:
        return (Reason("incident.unknown", Kind.NOT_NOW, "没有这一编号的故障登记"),)
    if by.person == reporter:
        return (Reason("incident.same-person", Kind.NOT_YOURS, "登记人本人不能确认，须由另一名运维或监督人员确认"),)
    if confirmed:
        return (Reason("incident.confirmed", Kind.NOT_NOW, "该故障已经确认"),)
    return _not_an_outage(outage, at=at)


def _not_on_duty(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    if by.role not in (Role.SUPERVISOR, Role.OPERATOR):
        return (Reason("incident.not-yours", Kind.NOT_YOURS, "仅平台运维或监督人员可登记、确认平台故障"),)
    return not_in(facts, Act.WAITING, *TIMED)


def _not_an_outage(outage: Outage, *, at: datetime) -> tuple[Reason, ...]:
    since, until = outage.since, outage.until
    if not since < until <= at or until - since > OUTAGE:
        return (Reason("incident.interval", Kind.NOT_VALID, "故障起止时间有误：应先起后止、已经结束且不超过 72 小时"),)
    if since < outage.begins:
        text = "故障开始时间早于公告发布（{terms.opening}中则早于本场{terms.opening}）：此前没有可以顺延的时限"
        return (Reason("incident.before", Kind.NOT_VALID, text),)
    if outage.counted:
        return (Reason("incident.counted", Kind.NOT_NOW, "该时段与已登记的故障重叠，同一时间不重复补足"),)
    return ()


def _not_either(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    if side_of(facts, by):
        return ()
    return (Reason("hall.not-in-charge", Kind.NOT_YOURS, "仅主持人和监督人员可暂停或恢复{terms.opening}"),)


def _held(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    return held(facts, by) if side_of(facts, by) == HOST else ()
