"""Bans at the read-out: asked once what was opened is read out, shown to those who conduct it, decided elsewhere.

A bid that was taken in is read out whatever was decided about its bidder since: no law says otherwise. What becomes of
the ban the row of the regime says, and who bids is public by then; the answer is still nobody else's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bidding.opening import queries
from bidding.opening.queries import OpenedBid, Standing
from bidding.opening.rules import Act, not_host
from blacklist.gate.rules import LATER, Later
from market.projects import standing as standings
from market.projects.gate import held
from market.projects.leading import why_not_named
from market.projects.models import Project
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason

READ_OUT = frozenset({Act.RECORD, Act.BETWEEN})


@dataclass(frozen=True)
class Barred:
    """One bidder whom a decision binds now, or whose leader cannot lead.

    counting: those that count at the review.  later: those that began after the bid had come in, and wait for the
    award.  leader: what stands against whom it would have lead the project.  row: what the regime makes of later ones.
    """

    org: str
    name: str
    counting: Sequence[Reason]
    later: Sequence[Reason]
    leader: Sequence[Reason]
    row: Later


def barred(standing: Standing, *, viewer: Actor) -> list[Barred]:
    """Whom a ban binds of those whose bids were read out: all for host, witness and supervisor, his own for a bidder.

    Nobody before the read-out, after the end of the session, and for everybody else.
    Law: 明标平台规则 第72条.
    """
    if standing.opening is None or standing.act not in READ_OUT:
        return []
    sees = viewer.role in (Role.WITNESS, Role.SUPERVISOR) or not not_host(standing.facts, viewer)
    if not sees and viewer.role is not Role.PROVIDER:
        return []
    bids = queries.opened_bids(standing.tender, only=None if sees else viewer.organisation)
    came = {unit.bid.organisation: unit.bid.received_at for unit in standing.every_unit}
    return told(standing.project, bids, came, at=standing.at)


def told(
    project: Project, bids: Sequence[OpenedBid], received: Mapping[str, datetime], *, at: datetime
) -> list[Barred]:
    """Of these opened bids, each whom a ban binds now, himself or whoever he bids with."""
    if not bids:
        return []
    found = held(project, {bid.org: received[bid.org] for bid in bids}, at=at)
    asked, named = project.tender.leader is not None, standings.leaders(project)
    busy = standings.why_not_led(project, [bid.org for bid in bids])
    led = {bid.org: (*why_not_named(asked=asked, named=bid.org in named), *busy.get(bid.org, ())) for bid in bids}
    return [
        Barred(
            bid.org, bid.name,
            counting=[each.reason for each in found.get(bid.org, ()) if each.at_review],
            later=[each.reason for each in found.get(bid.org, ()) if not each.at_review],
            leader=led[bid.org],
            row=LATER[project.procedure.regime],
        )
        for bid in bids
        if bid.org in found or led[bid.org]
    ]  # fmt: skip
