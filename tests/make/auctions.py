"""Auctions with the cast's four providers in them, played through the services."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bidding.auction import services
from bidding.auction.models import Auction, Quote
from intermediaries.registry.models import Provider
from market.projects.rules import Stage
from market.purchases.models import Purchase
from rulebook.actor import SYSTEM, Actor
from tests import cast
from tests.make import accounts, market, providers
from tests.make.worlds import made_once

NUMBER = "A-2026-001"
BIDDERS = (cast.PROVIDER, cast.RIVAL, cast.THIRD, cast.FOURTH)
ORGS = tuple(bidder.organisation for bidder in BIDDERS)
TERMS = {"start": "100000.00", "step": "500.00", "minutes": 5, "window": 30, "most": 3}
BEGINS = cast.NOON + cast.MINUTE
ENDS = BEGINS + 5 * cast.MINUTE


def _announced(number: str = NUMBER, *, closes_at: datetime = cast.NOON, **other: Any) -> Purchase:
    """A purchase by auction, its enrolment and the minute in which it begins; its bidders are in the register."""
    bidders = other.pop("bidders", BIDDERS)
    for actor in (cast.SUPERVISOR, *bidders):
        accounts.user(actor)
    known = set(Provider.objects.values_list("organisation_id", flat=True))
    for bidder in bidders:
        if bidder.organisation not in known:
            providers.entered(bidder, at=closes_at - cast.DAY)
    facts = {"title": "机关办公楼消防设施检测", "item": "消防设施检测", "demand": "三栋办公楼，出具检测报告。",
             "budget": "100000.00", "price_cap": "100000.00"} | other.pop("facts", {})  # fmt: skip
    told = {"item": "150000-XF-001", "fund": "fiscal", "price_known": False, "auction": TERMS,
            "closes_at": closes_at, "selects_at": closes_at + cast.MINUTE}  # fmt: skip
    return market.purchase(number=number, edition="zjcs-auction", stage=Stage.OPEN, facts=facts, **(told | other))


def called(number: str = NUMBER, *, closes_at: datetime = cast.NOON, **other: Any) -> Auction:
    """The same, its rules and aliases published at that moment."""
    orgs = [bidder.organisation for bidder in other.get("bidders", BIDDERS)]
    market.notice(_announced(number, closes_at=closes_at, **other).project)
    made = services.call(project_number=number, entrants=orgs, by=SYSTEM, at=closes_at)
    assert made is not None
    return made


@made_once
def announced() -> Purchase:
    """Enrolment closes at NOON, the auction begins a minute later."""
    return _announced()


@made_once
def auction() -> Auction:
    """The same, called at NOON."""
    return called()


def quoted(actor: Actor, price: str, at: datetime = BEGINS, *, number: str = NUMBER, **other: Any) -> Quote:
    """A quote of the cast's."""
    return services.quote(project_number=number, quote=other.get("quote") or uuid4(), price=price, by=actor, at=at)


def ended(at: datetime | None = None, *, number: str = NUMBER) -> Auction:
    """Its end noted as the clock would."""
    ends_at = Auction.objects.get(project__number=number).ends_at
    return services.end(project_number=number, by=SYSTEM, at=at or ends_at + timedelta(seconds=2))
