"""Reads of auctions: where one stands, who is behind which alias, what one's own quotes came to."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from bidding.auction import rules
from bidding.auction.models import Auction, AuctionBidder, PriceExplanation, Quote
from bidding.auction.rules import Phase
from ledger import queries as ledger
from ledger import underway
from ledger.written_out import row_of
from market.awards import queries as awards
from market.projects import queries as projects
from market.projects import stops
from market.projects.models import Project, Suspension
from market.projects.rules import Stage
from market.projects.stops import Act
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
_REST = ("ground", "started_at", "until", "ended_at")
# By its arrival, as a quote is judged; there is one at most.
_RESTED = (
    "rest.project_id = auction.project_id AND rest.started_at <= %s AND (rest.ended_at IS NULL OR rest.ended_at > %s)"
)
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
# A statement of its own: beside a row that is waited for, others are read as they were before the wait.
_SAID = (
    f"SELECT {', '.join(f'rest.{name}' for name in _REST)}, {', '.join(f'said.{name}' for name in _QUOTE)}"
    f" FROM bidding_auction AS auction LEFT JOIN market_suspension AS rest ON {_RESTED}"
    " LEFT JOIN bidding_quote AS said ON said.bidder_id = %s AND said.quote = %s WHERE auction.id = %s"
)
_GLANCED = _WHOSE.format(
    more="".join(f", rest.{name}" for name in _REST) + "".join(f", said.{name}" for name in _QUOTE),
    also=" LEFT JOIN bidding_quote AS said ON said.bidder_id = own.id AND said.quote = %s"
    f" LEFT JOIN market_suspension AS rest ON {_RESTED}",
)
_GATED = {
    model: tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)
    for model, names in (
        (Project, {"id", "number", "stage", "buyer_id", "agent_id", "method", "edition", "local"}),
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


def glanced(
    number: str, org: str, quote: UUID, *, at: datetime
) -> tuple[Auction, AuctionBidder | None, bool, tuple[Reason, ...], Quote | None]:
    """The same as it was at one instant just now, locked by nobody; and what became of a quote sent before."""
    when = _instant(at)
    found = _first(_GLANCED, [org, _as_kept(quote), when, when, number])
    if found is None:
        raise Auction.DoesNotExist
    said, rest = found[-len(_QUOTE) :], found[-len(_QUOTE) - len(_REST) : -len(_QUOTE)]
    return *_told(found), _rests(rest, at=at), row_of(Quote, _QUOTE, said) if said[0] is not None else None


def said(bidder: AuctionBidder, quote: UUID, *, at: datetime) -> tuple[Quote | None, tuple[Reason, ...]]:
    """What became of a quote its maker has sent before; and why what arrived at this instant found its purchase at
    rest."""
    when = _instant(at)
    found = _first(_SAID, [when, when, bidder.pk, _as_kept(quote), bidder.auction_id])
    assert found is not None  # the bidder's own auction
    told, rest = found[len(_REST) :], found[: len(_REST)]
    return row_of(Quote, _QUOTE, told) if told[0] is not None else None, _rests(rest, at=at)


def _told(found: tuple[Any, ...]) -> tuple[Auction, AuctionBidder | None, bool]:
    auction = row_of(Auction, _AUCTION, found[1 : 1 + len(_AUCTION)])
    own = found[1 + len(_AUCTION) : 1 + len(_AUCTION) + len(_OWN)]
    bidder = row_of(AuctionBidder, _OWN, own) if own[0] is not None else None
    return auction, bidder, found[0] != Stage.DECIDING


def _rests(found: tuple[Any, ...], *, at: datetime) -> tuple[Reason, ...]:
    if found[0] is None:
        return ()
    return stops.why_not_while_suspended([row_of(Suspension, _REST, found).stop], Act.CHOICE, at=at)


def _instant(at: datetime) -> Any:
    return Auction._meta.get_field("ends_at").get_db_prep_value(at, connection)


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


def gates(auction: Auction, *, at: datetime) -> dict[str, Any]:
    """What stops and starts its clock besides who asks."""
    ended = auction.ended_at is not None
    return {"buyer": auction.project.buyer_id, "halted": halted(auction), "rests": rests(auction, at=at),
            "ended": ended}  # fmt: skip


def rests(auction: Auction, *, at: datetime) -> tuple[Reason, ...]:
    """Why its purchase rests, and the auction with it; what began before the last tick too."""
    return projects.why_not_go_on(auction.project, Act.CHOICE, at=at)


def new_rests(auction: Auction, *, at: datetime) -> list[Suspension]:
    """The rests of its purchase that were not dealt with yet, in order."""
    since = auction.rested_at or auction.called_at
    rows = Suspension.objects.filter(project=auction.project, started_at__gt=since, started_at__lte=at)
    return [each for each in rows.order_by("started_at") if Act.CHOICE in each.row.stops]


def is_one_unsettled() -> bool:
    """Whether any auction has still something to come, which is what ticks look for."""
    return Auction.objects.filter(settled_at=None).exists()


def to_rest(at: datetime) -> list[str]:
    """Numbers of the auctions whose purchase rests, or rested, which their clocks do not know yet."""
    rows = Suspension.objects.filter(
        Q(project__auction__rested_at=None) | Q(project__auction__rested_at__lt=F("started_at")),
        project__auction__ended_at=None, started_at__gt=F("project__auction__called_at"), started_at__lte=at,
        project__stage=Stage.DECIDING.value,
    )  # fmt: skip
    return sorted(set(rows.values_list("project__number", flat=True)))


def to_go_on() -> list[str]:
    """Numbers of the auctions that stopped with their purchase, which goes on."""
    rows = Auction.objects.filter(settled_at=None, paused_by=rules.REST, project__stage=Stage.DECIDING.value)
    resting = Suspension.objects.filter(project=OuterRef("project"), ended_at=None)
    return list(rows.filter(~Exists(resting)).values_list("project__number", flat=True))


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


def asked(auction: Auction, *, at: datetime) -> PriceExplanation | None:
    """The explanation that was asked for last, its days as many longer as the purchase rested."""
    row = PriceExplanation.objects.filter(auction=auction).order_by("pk").last()
    return _lengthened(row, auction.project, at=at) if row else None


def _lengthened(row: PriceExplanation, project: Project, *, at: datetime) -> PriceExplanation:
    """With the end of its days as it is by now; what is written down of it stays as it was."""
    row.due_at = projects.rested(project, row.due_at, since=row.asked_at, act=Act.CHOICE, at=at)
    return row


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
    ).exclude(Exists(Suspension.objects.filter(project=OuterRef("project"), ended_at=None)))  # fmt: skip
    return list(rows.order_by("ends_at").values_list("project__number", flat=True))


def unexplained(at: datetime) -> list[str]:
    """Numbers of the auctions where an explanation was asked for and did not come in time."""
    rows = PriceExplanation.objects.filter(
        judged_at=None, said_at=None, due_at__lte=at, auction__project__stage=Stage.DECIDING.value
    ).exclude(Exists(Suspension.objects.filter(project=OuterRef("auction__project"), ended_at=None)))
    due = (_lengthened(row, row.auction.project, at=at) for row in rows.select_related("auction__project"))
    return [row.auction.project.number for row in due if row.due_at <= at]


def uncalled() -> list[str]:
    """Numbers of the purchases by auction whose enrolment is closed and whose auction was not called."""
    rows = Project.objects.filter(
        stage=Stage.OPEN.value, purchase__auction__isnull=False, entrants__closed_at__isnull=False, auction=None
    ).exclude(Exists(Suspension.objects.filter(project=OuterRef("pk"), ended_at=None)))
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
