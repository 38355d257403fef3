"""What host, supervisor and operator may do with the hall itself: hold it, pause it, give more time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bidding.opening import aloud, conduct, evidence, hosting, reading
from bidding.opening.conduct import HOSTED, TIMED
from bidding.opening.models import IncidentReport
from bidding.opening.queries import Standing
from bidding.opening.rules import PLAYED, Act, not_host
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


@dataclass
class Controls:
    """The controls of one reader; none of it for whoever neither hosts, supervises nor operates.

    mine: he holds the hall now.  others: officers he may hand it to, by public id.  renew: seconds between two signs
    of presence, 0 for none.
    """

    hosts: bool
    supervises: bool
    operates: bool
    timed: bool
    played: bool
    mine: bool
    holder: str
    others: Mapping[str, str]
    renew: int
    against_take: Sequence[Reason]
    against_pause: Sequence[Reason]
    against_resume: Sequence[Reason]
    against_extend: Sequence[Reason]
    reports: Sequence[IncidentReport]  # outages somebody else has still to confirm


@dataclass
class Aloud:
    """What the host may do with the common read-out.  seconds: a row, suggested."""

    is_on: bool
    against_start: Sequence[Reason]
    seconds: int = aloud.USUAL
    least: int = aloud.SHORTEST
    most: int = aloud.SLOWEST


def aloud_of(standing: Standing, *, viewer: Actor) -> Aloud | None:
    """The host's controls of the common read-out; None before there is a table to be read out."""
    rows = len(reading.readable(standing))
    if standing.act is not Act.RECORD or not rows:
        return None
    on = reading.under_way(standing) is not None
    return Aloud(on, aloud.why_not_start(standing.facts, by=viewer, rows=rows, on=False))


def controls(standing: Standing, *, viewer: Actor) -> Controls | None:
    """The controls this reader has, each with its reasons; None for a bystander."""
    facts = standing.facts
    hosts, supervises = not not_host(facts, viewer), viewer.role is Role.SUPERVISOR
    operates = viewer.role is Role.OPERATOR
    timed = standing.act in TIMED or (standing.act is Act.WAITING and not hosts)
    if standing.act not in (Act.WAITING, *HOSTED) or not (hosts or supervises or operates):
        return None
    if standing.act is Act.WAITING and hosts:
        return None
    if standing.act is Act.BETWEEN and not operates:
        return None  # nothing runs between two sessions; whoever opens the next one holds it
    mine = hosts and facts.held_by == viewer.person
    others = hosting.officers(standing.project) if mine else {}
    return Controls(
        hosts=hosts,
        supervises=supervises,
        operates=operates,
        timed=timed,
        played=standing.act in PLAYED,
        mine=mine,
        holder=facts.host_name if facts.held_by else "",
        others={person: name for person, name in others.items() if person != viewer.person},
        renew=conduct.RENEW if mine else 0,
        against_take=conduct.why_not_take(facts, by=viewer),
        against_pause=conduct.why_not_pause(facts, by=viewer),
        against_resume=conduct.why_not_resume(facts, by=viewer),
        against_extend=conduct.why_not_extend(facts, by=viewer, minutes=None, at=standing.at),
        reports=() if hosts else evidence.unconfirmed(standing),
    )
