"""Sealed quotes in their states: a part of `scripts.stage`."""

from datetime import datetime, timedelta
from typing import Any

from bidding.opening.tasks import advance_openings
from bidding.sealed import tasks
from bidding.tender.models import Tender
from rulebook.actor import SYSTEM, Actor
from tests import cast
from tests.make import bidding, bidding_offers, market
from tests.make.ledger import sequenced

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
OPEN, RESCUED, MERIT = "P-2026-011", "P-2026-012", "P-2026-013"
LOWEST = {"key": "lowest", "params": {}}


def fill(now: datetime) -> None:
    """One that takes quotes; one whose holders fell short, so that those who quoted open their own."""
    rate = {"least": "0.00", "most": "30.00"}
    _offered(OPEN, now + cast.HOUR, now - cast.MINUTE, (cast.PROVIDER,), rate=rate)
    _offered(
        MERIT, now + cast.HOUR, now - cast.MINUTE, (), edition="zjcs-merit", formula={"key": "points", "params": {}}
    )
    closed = now - cast.HOUR
    held = _offered(RESCUED, closed, closed - cast.HOUR, (cast.PROVIDER, cast.RIVAL))
    bidding_offers.closed(held)
    tasks.open_and_choose(by=SYSTEM, at=closed + cast.MINUTE)
    sequenced(at=now)
    advance_openings(by=SYSTEM, at=closed + cast.MINUTE + timedelta(seconds=held.window + held.drain))
    bidding_offers.heard(held, [bidding_offers.rescue(held, cast.YINSHAN, "sheet", at=now)], at=now)


def _offered(number: str, closes_at: datetime, at: datetime, firms: tuple[Actor, ...], **more: Any) -> Tender:
    facts: dict[str, Any] = {"title": "自建房安全鉴定", "published_at": at}
    row = market.purchase(
        number=number, closes_at=closes_at, selects_at=closes_at, need={}, price_known=False, facts=facts,
        **{"edition": "zjcs-price", "formula": LOWEST, **more},
    )  # fmt: skip
    held = bidding.tender(
        number=number, project=row.project, closes_at=closes_at, slots=6, factors=[], qualifications=[],
        price_weight=0, min_bids=1,
    )  # fmt: skip
    for firm, price in zip(firms, ("2600.00", "2500.00"), strict=False):
        bidding_offers.sealed_bid(held, firm, price=price, at=at)
    return held


def pages() -> list[Page]:
    """An offer, the quotes for everybody, the owner's panel, and a rescue for whoever may act in it and who may not."""
    offer, offers = (f"/purchases/{OPEN}/{name}/" for name in ("offer", "offers"))
    rescue = f"/purchases/{RESCUED}/offers/"
    return [
        ("offer", cast.PROVIDER, offer), ("offers-before", cast.STRANGER, offers),
        ("offers-rescue", cast.PROVIDER, rescue), ("offers-rescue", cast.RIVAL, rescue),
        ("offers-merit", cast.STRANGER, f"/purchases/{MERIT}/offers/"),
        ("owner-panel", cast.OFFICER, f"/purchases/{MERIT}/panel/"),
    ]  # fmt: skip
