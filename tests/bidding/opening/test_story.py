"""An opening from the first bid to its end, played by parties who hold their own keys."""

import pytest

from bidding.opening import queries
from bidding.opening.models import Opening
from tests import cast
from tests.make import bidding_offers as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_three_bids_are_sealed_opened_read_out_signed_and_handed_to_evaluation():
    tender = make.opened_tender()

    bids = {bid.org: bid for bid in queries.opened_bids(tender)}
    assert {org: str(bid.quote) for org, bid in bids.items()} == {
        cast.HETAO: "1000000.00",
        cast.YINSHAN: "1100000.00",
        cast.WULIANG: "1250000.00",
    }
    assert all(bid.effective for bid in bids.values())
    assert [bid.org for bid in bids.values() if bid.small] == [cast.YINSHAN]
    assert Opening.objects.get().ended_at
    assert [file.open().read().decode() for file in queries.files_of(tender, cast.HETAO)] == ["本单位的技术方案"]
