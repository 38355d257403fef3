"""What the room of an auction shows a reader, drawn from rows; a script redraws what is public from the entries."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bidding.auction import queries, rules
from bidding.auction.models import Auction, AuctionBidder, PriceExplanation, Quote
from bidding.auction.rules import Phase
from proofs import auction as arithmetic
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason

NEWEST = 200  # rungs of the ladder on the first page; the script has all of them


@dataclass(frozen=True)
class Mine:
    """A bidder's own part.  place: among those who quoted, 1 is the best; None before the first quote.  last: yuan."""

    part: AuctionBidder
    place: int | None
    last: Decimal | None
    quotes: list[Quote]
    against: tuple[Reason, ...]

    @property
    def leads(self) -> bool:
        return self.place == 1


@dataclass(frozen=True)
class Room:
    """ceiling: the highest price that is accepted now, yuan; None when none is.  left: while paused.

    quoting: how many have quoted.  names: alias ↦ name once it is over and somebody quoted.
    passed_over: who quoted and may not win, with the published reasons, once there is a result.
    """

    auction: Auction
    phase: Phase
    halted: bool
    ceiling: Decimal | None
    latest: datetime
    left: timedelta | None
    ladder: list[Quote]
    bidders: int
    quoting: int
    names: dict[str, str]
    passed_over: list[dict[str, Any]]
    mine: Mine | None
    side: str
    against_pause: tuple[Reason, ...]
    against_resume: tuple[Reason, ...]
    asked: PriceExplanation | None
    explains: bool
    against_explain: tuple[Reason, ...]
    against_judge: tuple[Reason, ...]

    @property
    def left_words(self) -> str:
        """What is left while the clock stands, as the clock shows it."""
        if self.left is None:
            return ""
        minutes, seconds = divmod(math.ceil(self.left.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"

    @property
    def ordered(self) -> bool:
        """The supervisor has stopped it."""
        return self.auction.paused_by == rules.SUPERVISOR

    @property
    def rests(self) -> bool:
        """It has stopped with its purchase."""
        return self.auction.paused_by == rules.REST

    @property
    def acts(self) -> bool:
        """This reader has something to do here besides looking on."""
        return self.mine is not None or bool(self.side)


def room(auction: Auction, *, viewer: Actor, at: datetime) -> Room:
    """The room as this reader sees it at an instant."""
    state, terms, halted = auction.state, auction.terms, queries.halted(auction)
    ended, side = auction.ended_at is not None, rules.side_of(buyer=auction.project.buyer_id, by=viewer)
    most = arithmetic.ceiling(terms, state.best)
    last = queries.last_quotes(auction)
    asked = queries.asked(auction, at=at)
    gates = queries.gates(auction, at=at)
    rests = gates["rests"]
    shown = ended and auction.number > 0
    return Room(
        auction=auction,
        phase=queries.phase(auction, at=at),
        halted=halted,
        ceiling=most if most > 0 else None,
        latest=arithmetic.latest_end(terms, state),
        left=auction.ends_at - max(auction.paused_at, auction.opens_at) if auction.paused_at else None,
        ladder=queries.ladder(auction, NEWEST),
        bidders=auction.bidders.count(),
        quoting=len(last),
        names=dict(auction.bidders.values_list("alias", "name")) if shown else {},
        passed_over=queries.passed_over(auction) if shown else [],
        mine=_mine(auction, last, rests, viewer, at=at),
        side=side,
        against_pause=rules.why_not_pause(state, **gates, reason="…", by=viewer, at=at) if side else (),
        against_resume=rules.why_not_resume(state, **gates, paused_by=auction.paused_by, by=viewer) if side else (),
        asked=asked,
        explains=asked is not None and viewer.role is Role.PROVIDER and asked.organisation == viewer.organisation,
        against_explain=rules.why_not_explain(asked, rests=rests, text="…", by=viewer, at=at),
        against_judge=rules.why_not_judge(
            asked, buyer=auction.project.buyer_id, rests=rests, accepted=True, reason="…", by=viewer, at=at
        ),
    )


def _mine(
    auction: Auction, last: dict[str, Decimal], rests: Sequence[Reason], viewer: Actor, *, at: datetime
) -> Mine | None:
    part = queries.part_of(auction, viewer)
    if part is None:
        return None
    order = list(last)
    against = rules.why_not_quote(
        auction.terms,
        auction.state,
        alias=part.alias,
        bars=queries.bars(auction.project.number, by=viewer, at=at),
        halted=queries.halted(auction),
        rests=rests,
        ended=auction.ended_at is not None,
        price="0.01",
        by=viewer,
        at=at,
    )
    place = order.index(part.organisation) + 1 if part.organisation in last else None
    return Mine(part, place, last.get(part.organisation), queries.own_quotes(part), against)
