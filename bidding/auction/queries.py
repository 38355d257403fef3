"""Reads of auctions: where one stands, who is behind which alias, what one's own quotes came to."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from bidding.auction import rules
from bidding.auction.models import Auction, AuctionBidder, PriceExplanation, Quote
from bidding.auction.rules import Phase
from ledger import queries as ledger
from ledger import underway
from ledger.written_out import row_of
from market.awards import queries as awards
from market.projects.models import Project
from market.projects.rules import Stage
from market.purchases.models import Purchase
from market.selection import gate
from proofs.auction import CALLED, KINDS
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason
from rulebook.times import iso

# Written out: everybody quotes in the same seconds, and all of them wait for one lock.
_AUCTION = tuple(field.attname for field in Auction._meta.concrete_fields)
_OWN = tuple(field.attname for field in AuctionBidder._meta.concrete_fields)
_QUOTE = tuple(field.attname for field in Quote._meta.concrete_fields)
_WHOSE = (
    f"SELECT project.stage, {', '.join(f'auction.{name}' for name in _AUCTION)},"
    f" {', '.join(f'own.{name}' for name in _OWN)}{{more}} FROM bidding_auction AS auction"
    " JOIN market_project AS project ON project.id = auction.project_id"
    " LEFT JOIN bidding_auctionbidder AS own ON own.auction_id = auction.id AND own.organisation = %s{also}"
    " WHERE project.number = %s"
)
_HELD = _WHOSE.format(more="", also="")
# Both rows, the project first as everywhere: what is read is what their last holder left. A quote refers to its
# auction, and a refused one, which waits for nobody, must be able to.
_LOCKED = " FOR UPDATE OF project FOR NO KEY UPDATE OF auction"
_SAID = f"SELECT {', '.join(_QUOTE)} FROM bidding_quote WHERE bidder_id = %s AND quote = %s"
_GLANCED = _WHOSE.format(
    more="".join(f", said.{name}" for name in _QUOTE),
    also=" LEFT JOIN bidding_quote AS said ON said.bidder_id = own.id AND said.quote = %s",
)
_GATED = {
    model: tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)
    for model, names in (
        (Project, {"id", "number", "stage", "buyer_id", "method", "edition"}),
        (Purchase, {"id", "project_id", "item", "need", "excluded", "weights"}),
    )
}
_ASKED = (
    f"SELECT {', '.join(f'project.{name}' for name in _GATED[Project])},"
    f" {', '.join(f'purchase.{name}' for name in _GATED[Purchase])} FROM market_project AS project"
    " JOIN market_purchase AS purchase ON purchase.project_id = project.id WHERE project.number = %s"
)


def held(number: str, org: str) -> tuple[Auction, AuctionBidder | None, bool]:
    """The auction of a project, locked with it, the part this organisation has in it, whether it is halted.

    Raises Auction.DoesNotExist.
    """
    found = _first(_HELD + (_LOCKED if connection.features.has_select_for_update else ""), [org, number])
    if found is None:
        raise Auction.DoesNotExist
    return _told(found)


def glanced(number: str, org: str, quote: UUID) -> tuple[Auction, AuctionBidder | None, bool, Quote | None]:
    """The same as it was at one instant just now, locked by nobody; and what became of a quote sent before."""
    found = _first(_GLANCED, [org, _as_kept(quote), number])
    if found is None:
        raise Auction.DoesNotExist
    said = found[-len(_QUOTE) :]
    return *_told(found), row_of(Quote, _QUOTE, said) if said[0] is not None else None


def said(bidder: AuctionBidder, quote: UUID) -> Quote | None:
    """What became of a quote its maker has sent before."""
    found = _first(_SAID, [bidder.pk, _as_kept(quote)])
    return row_of(Quote, _QUOTE, found) if found else None


def _told(found: tuple[Any, ...]) -> tuple[Auction, AuctionBidder | None, bool]:
    auction = row_of(Auction, _AUCTION, found[1 : 1 + len(_AUCTION)])
    own = found[1 + len(_AUCTION) : 1 + len(_AUCTION) + len(_OWN)]
    bidder = row_of(AuctionBidder, _OWN, own) if own[0] is not None else None
    return auction, bidder, found[0] != Stage.DECIDING


def _as_kept(quote: UUID) -> Any:
    return Quote._meta.get_field("quote").get_db_prep_value(quote, connection)


def _first(statement: str, values: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def of(project: Project) -> Auction | None:
    """The auction of a project, once it was called."""
    return Auction.objects.filter(project=project).first()


def auction(number: str) -> Auction:
    """The auction of a project. Raises Auction.DoesNotExist."""
    return Auction.objects.select_related("project__buyer").get(project__number=number)


def halted(auction: Auction) -> bool:
    """The purchase itself was stopped while it ran."""
    return auction.ended_at is None and auction.project.stage != Stage.DECIDING


def phase(auction: Auction, *, at: datetime) -> Phase:
    """Where it is."""
    return rules.phase(auction.state, ended=auction.ended_at is not None or halted(auction), at=at)


def bars(number: str, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Why this actor's house may take part no more: asked at every quote, so that a ban bites at once."""
    if by.role is not Role.PROVIDER or not by.organisation:
        return ()
    found = _first(_ASKED, [number])
    if found is None:
        raise Project.DoesNotExist
    own = len(_GATED[Project])
    project = row_of(Project, _GATED[Project], found[:own])
    project.purchase = row_of(Purchase, _GATED[Purchase], found[own:])
    return gate.why_not_take_part(project, org=by.organisation, at=at)


def part_of(auction: Auction, viewer: Actor) -> AuctionBidder | None:
    """The viewer's own part."""
    if viewer.role is not Role.PROVIDER or not viewer.organisation:
        return None
    return AuctionBidder.objects.filter(auction=auction, organisation=viewer.organisation).first()


def own_quotes(part: AuctionBidder) -> list[Quote]:
    """One's own quotes with what became of them, newest first."""
    return list(Quote.objects.filter(bidder=part).order_by("-at", "-pk"))


def ladder(auction: Auction, newest: int | None = None) -> list[Quote]:
    """The accepted quotes, newest first."""
    rows = Quote.objects.filter(auction=auction, number__isnull=False).select_related("bidder").order_by("-number")
    return list(rows[:newest] if newest else rows)


def last_quotes(auction: Auction) -> dict[str, Decimal]:
    """Organisation ↦ last and therefore lowest accepted quote in yuan, the best first."""
    rows = Quote.objects.filter(auction=auction, number__isnull=False).order_by("number")
    lowest = dict(rows.values_list("bidder__organisation", "price"))
    return dict(sorted(lowest.items(), key=lambda each: each[1]))


def entries(auction: Auction) -> list[dict[str, Any]]:
    """The auction's public story as `proofs.auction.replay` reads it."""
    found = ledger.entries_of(auction.project.log, sorted(KINDS), since=auction.called_at, until=None)
    told = []
    for entry in found:
        event = json.loads(entry.event)
        data = {key: value for key, value in event["d"].items() if key not in ("stream", "seq")}
        told.append({"kind": entry.kind, "at": event["ts"], "data": data})
    return told


def called_seq(auction: Auction) -> int:
    """The number of the entry its story begins with."""
    found = ledger.entries_of(auction.project.log, [CALLED], since=auction.called_at, until=auction.called_at)
    return found[0].seq if found else 0


def asked(auction: Auction) -> PriceExplanation | None:
    """The explanation that was asked for last."""
    return PriceExplanation.objects.filter(auction=auction).order_by("pk").last()


def refused_explanations(auction: Auction) -> dict[str, str]:
    """Organisation ↦ why its explanation was not taken."""
    rows = PriceExplanation.objects.filter(auction=auction, accepted=False)
    return dict(rows.values_list("organisation", "reason"))


def still_barred(auction: Auction, *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Who has an alias and may not win on the day of choice, with why."""
    orgs = list(auction.bidders.values_list("organisation", flat=True))
    return {org: why for org, why in gate.against(auction.project, orgs, at=at).items() if why}


def passed_over(auction: Auction) -> list[dict[str, Any]]:
    """Who quoted and may not win, as the result says it: {"name", "quote", "reasons"}, the lowest first."""
    row = awards.proposal(auction.project)
    bids = row.content["bids"] if row else []
    return sorted((bid for bid in bids if bid["rank"] is None), key=lambda bid: Decimal(bid["quote"]))


def waits(auction: Auction, *, at: datetime) -> bool:
    """Something that came in time may still be waiting for its answer."""
    return underway.before(auction.ends_at, at=at)


def due(at: datetime) -> list[str]:
    """Numbers of the auctions whose time is over and whose end is not noted."""
    rows = Auction.objects.filter(
        settled_at=None, ended_at=None, paused_at=None, ends_at__lte=at - rules.DRAIN,
        project__stage=Stage.DECIDING.value,
    )  # fmt: skip
    return list(rows.order_by("ends_at").values_list("project__number", flat=True))


def unexplained(at: datetime) -> list[str]:
    """Numbers of the auctions where an explanation was asked for and did not come in time."""
    rows = PriceExplanation.objects.filter(
        judged_at=None, said_at=None, due_at__lte=at, auction__project__stage=Stage.DECIDING.value
    )
    return list(rows.values_list("auction__project__number", flat=True))


def uncalled() -> list[str]:
    """Numbers of the purchases by auction whose enrolment is closed and whose auction was not called."""
    rows = Project.objects.filter(
        stage=Stage.OPEN.value, purchase__auction__isnull=False, entrants__closed_at__isnull=False, auction=None
    )
    return list(rows.order_by("purchase__closes_at").values_list("number", flat=True))


def running(viewer: Actor) -> list[Auction]:
    """Auctions that are not over, in which the viewer's house takes part or which it holds."""
    rows = Auction.objects.filter(ended_at=None, project__stage=Stage.DECIDING.value)
    own = {"bidders__organisation": viewer.organisation}
    if viewer.role is Role.OFFICER:
        own = {"project__buyer_id": viewer.organisation}
    return list(rows.filter(**own).select_related("project").order_by("ends_at")) if viewer.organisation else []


def open_explanations(viewer: Actor) -> list[PriceExplanation]:
    """Explanations of low prices that are not judged: one's own to give, or one's own purchases'."""
    rows = PriceExplanation.objects.filter(judged_at=None, auction__project__stage=Stage.DECIDING.value)
    own = {"organisation": viewer.organisation}
    if viewer.role is Role.OFFICER:
        own = {"auction__project__buyer_id": viewer.organisation}
    return list(rows.filter(**own).select_related("auction__project").order_by("due_at"))


def as_answer(made: Quote, alias: str) -> dict[str, Any]:
    """What its maker is told of an accepted quote; the same however often it is sent."""
    assert made.ends_at is not None  # it was accepted
    return {"quote": str(made.quote), "number": made.number, "alias": alias, "price": f"{made.price:.2f}",
            "at": iso(made.at), "ends_at": iso(made.ends_at)}  # fmt: skip


def as_row(made: Quote) -> dict[str, Any]:
    """A quote with what became of it, for its maker alone."""
    why = [reason.sentence() for reason in made.reasons]
    return {"quote": str(made.quote), "price": made.typed, "at": iso(made.at), "number": made.number, "refused": why}
