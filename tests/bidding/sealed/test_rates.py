"""Quotes put as a rate off the cap: the more is taken off the lower the price, and the lowest price wins."""

import json
from decimal import Decimal

import pytest

from bidding.sealed import queries, rules
from market.awards.models import Proposal
from portal.record.queries import record_of
from proofs.quotes import LOWEST, groups, reduced
from proofs.record import verify
from tests import cast
from tests.make import accounts, bidding_offers
from tests.make import sealed as make

pytestmark = pytest.mark.embedded
RATE = {"least": "5.00", "most": "40.00"}


@pytest.mark.django_db
def test_the_highest_rate_is_the_lowest_price_and_wins_and_a_rate_that_lies_does_not_stand(monkeypatch):
    """Regression: rates were ordered as if they were prices, and whoever took off least won."""
    tender = make.published(rate=RATE)
    offers = (("10.00", "2700.00"), ("25.00", "2250.00"), ("12.34", "2629.80"), ("39.00", "1800.00"))
    for who, (rate, price) in zip(bidding_offers.BIDDERS, offers, strict=True):
        bidding_offers.sealed_bid(tender, who, price=price, rate=rate, at=make.APPROVED + cast.MINUTE)
    make.opened(tender)
    make.released(monkeypatch)
    told = json.loads(Proposal.objects.get().report)
    assert {bid["org"]: bid["rank"] for bid in told["bids"]} == {cast.YINSHAN: 1, cast.WULIANG: 2, cast.HETAO: 3}
    [out] = [row for row in queries.fixed(tender).rows if row["reasons"]]
    assert out["org"] == cast.FOURTH.organisation and "下浮 39.00% 应为 1,830.00 元" in out["reasons"][0]
    checks = {check.name: check for check in verify(record_of(make.NUMBER)).checks}
    assert [check.line() for check in checks.values() if check.holds is False] == []
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{make.NUMBER}/offers/").content.decode()
    assert "下浮 25.00%" in page and "下浮最多的价格最低" in page
    own = accounts.client_of(cast.PROVIDER).get(f"/purchases/{make.NUMBER}/offer/").content.decode()
    assert 'data-rate-base="3000.00" data-rate-least="5.00" data-rate-most="40.00"' in own


def test_a_rate_makes_its_price_to_the_cent_and_more_off_is_never_dearer():
    base = Decimal("2999.99")
    assert [str(reduced(base, rate)) for rate in ("0.00", "12.35", "99.99")] == ["2999.99", "2629.49", "0.30"]
    prices = {f"{rate:02d}": reduced(base, f"{rate}.00") for rate in (5, 30, 12)}
    assert groups(LOWEST, prices) == [["30"], ["12"], ["05"]]
    for said in ("5", "05.00", "100.00", "-1.00", "5.0", "", None, 5):
        [reason] = rules.why_not_rate(said, Decimal(2850), base=Decimal(3000), asked=RATE)
        assert reason.code == "quote.no-rate"
    [reason] = rules.why_not_rate("4.99", Decimal("2850.30"), base=Decimal(3000), asked=RATE)
    assert reason.code == "quote.rate-out"
    assert rules.why_not_rate("", Decimal(2850), base=Decimal(3000), asked=None) == ()
