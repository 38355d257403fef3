"""A tender whose bidders have sealed all they may hand in: made once, for sealing is dear."""

from datetime import timedelta

from bidding.submission import services as submission
from bidding.tender.layouts import READ_OUT
from bidding.tender.models import Tender
from tests import cast
from tests.make import bidding
from tests.make import bidding_offers as make
from tests.make.worlds import made_once

BIDDERS = make.BIDDERS[:3]
ORGS = tuple(bidder.organisation for bidder in BIDDERS)
VERSIONS = 3  # envelopes every bidder has sealed beforehand
DRAIN = timedelta(seconds=5)


@made_once
def prepared() -> Tender:
    """A published tender closing at noon, three bidders with their envelopes sealed and uploaded, none handed in."""
    tender = make.open_tender(drain=int(DRAIN.total_seconds()))
    for place, (who, price) in enumerate(zip(BIDDERS, make.PRICES, strict=False)):
        for version in range(VERSIONS):
            for part in tender.parts:
                slot = 1 + place * VERSIONS + version
                bidding.slot(tender, part, who.organisation, slot)
                sheet = {"price": price, "delivery": "45 日", "small": False, "note": f"第{version}稿"}
                files = () if part in READ_OUT else (("方案.txt", b"x" * 64),)
                at = cast.NOON - cast.DAY
                data, _ = make.sealed(tender, who.organisation, part, slot, sheet=sheet, files=files, at=at)
                submission.store_envelope(project_number=tender.project.number, part=part, chunks=[data], by=who, at=at)
    return tender
