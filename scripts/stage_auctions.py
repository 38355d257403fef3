"""Auctions in every state: a part of `scripts.stage`."""

from datetime import datetime, timedelta

from bidding.auction import services
from rulebook.actor import Actor
from tests import cast
from tests.make import auctions

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
LONG = auctions.TERMS | {"minutes": 300}
PRICES = ("100000", "98500", "97000", "96500", "95000", "92000", "91500", "90000", "88800", "87000", "86500")


def fill(now: datetime) -> None:
    """One that waits, one with quotes, one that is paused, one that is over, one whose lowest price is explained."""
    auctions.called("A-001", closes_at=now, selects_at=now + timedelta(hours=2), auction=LONG)
    for number in ("A-002", "A-003"):
        _quoted(number, now, terms=LONG)
    services.pause(project_number="A-003", reason="供电故障，正在恢复", by=cast.SUPERVISOR, at=now)
    _quoted("A-004", now, terms=auctions.TERMS | {"minutes": 50})
    auctions.ended(number="A-004", at=now)
    _quoted("A-005", now, terms=auctions.TERMS | {"minutes": 50}, low="30000")
    auctions.ended(number="A-005", at=now)
    text = "设备自有且已折旧完毕，人员就近，检测仅需两日。"
    services.explain(project_number="A-005", text=text, by=cast.FOURTH, at=now + timedelta(seconds=1))


def _quoted(number: str, now: datetime, *, terms: dict[str, object], low: str = "") -> None:
    begins = now - timedelta(hours=1)
    auctions.called(number, closes_at=begins - cast.MINUTE, auction=terms)
    for place, price in enumerate(PRICES):
        at = begins + timedelta(minutes=4 * place, seconds=7 * place % 50)
        auctions.quoted(auctions.BIDDERS[place % 4 if place % 3 else 1], price, at, number=number)
    if low:
        auctions.quoted(cast.FOURTH, low, begins + timedelta(minutes=45), number=number)


def pages() -> list[Page]:
    """The room in each state, for whom it is different."""
    seen = {
        "auction-waits": ("A-001", (cast.STRANGER, cast.PROVIDER)),
        "auction": ("A-002", (cast.STRANGER, cast.RIVAL, cast.OFFICER)),
        "auction-paused": ("A-003", (cast.PROVIDER, cast.SUPERVISOR)),
        "auction-over": ("A-004", (cast.STRANGER, cast.RIVAL)),
        "auction-low": ("A-005", (cast.FOURTH, cast.OFFICER)),
    }
    return [
        (name, viewer, f"/purchases/{number}/auction/")
        for name, (number, viewers) in seen.items()
        for viewer in viewers
    ]
