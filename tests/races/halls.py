"""Halls that were just opened, and what a house holds of its bids and halls: asked in its environment."""

import json
from typing import Any


def halls(count: str) -> list[dict[str, Any]]:
    """So many open halls, and every release their bidders and two holders will send, bidders first."""
    from bidding.opening import queries as openings
    from rulebook import clock
    from tests.cast import DAY, MINUTE
    from tests.make import accounts, bidding, bidding_offers, market

    now = clock.now()
    rows = []
    for code in (*bidding_offers.HOLDERS, *(actor.organisation for actor in bidding_offers.BIDDERS)):
        accounts.key(code)
    for n in range(int(count)):
        number, closes = f"H-{n:03d}", now - 10 * MINUTE
        past = dict.fromkeys(("stage_at", "publish_at", "published_at", "approved_at", "submitted_at"), closes - DAY)
        project = market.project(number=number, notice_ends_at=closes, **past)
        tender = bidding.tender(number=number, project=project, closes_at=closes)
        for bidder, price in zip(bidding_offers.BIDDERS[:3], bidding_offers.PRICES, strict=False):
            bidding_offers.sealed_bid(tender, bidder, price=price)
        bidding_offers.closed(tender)
        by, at = bidding_offers.cast.OFFICER, closes + MINUTE
        hall = bidding_offers.services.open_hall(project_number=number, by=by, at=at)
        bids = [unit.bid for unit in hall.units.select_related("bid")]
        halves = [bidding_offers.half(tender, bid.organisation, bid.part, at=now) for bid in bids]
        keys = [bidding_offers.key(tender, who, bid, at=now) for who in bidding_offers.HOLDERS[:2] for bid in bids]
        assert openings.stand(project, at=now).facts.act == "bidders"
        rows.append({"number": number, "releases": [*halves, *keys]})
    return rows


def told() -> dict[str, Any]:
    """Every bid, every leaf of the sealed log, and how often each fact of an opening was said."""
    from bidding.submission.models import Bid
    from ledger.models import Entry, Log
    from proofs.merkle import leaf_hash

    facts = Entry.objects.filter(log=Log.PUBLIC, kind__startswith="opening.").values_list("kind", "stream", "event")
    said = [
        [kind, stream, *(str(json.loads(event)["d"].get(name, "")) for name in ("org", "part", "eid"))]
        for kind, stream, event in facts
    ]
    leaves = [leaf_hash(bytes(entry.leaf)).hex() for entry in Entry.objects.filter(log=Log.SEALED)]
    return {"subs": list(Bid.objects.values_list("sub", flat=True)), "leaves": leaves, "said": said}
