"""The makers make what others may rest on."""

import pytest

from bidding.tender import queries
from market.projects.rules import Stage
from proofs import manifest
from tests.make import bidding, market

pytestmark = pytest.mark.django_db


def test_a_made_tender_can_be_sealed_to():
    tender = bidding.tender()

    for part, committee in queries.committees(tender).items():
        made = manifest.parse(queries.kcm_bytes(committee))
        assert made.cmh.hex() == committee.cmh
        assert made.unit == queries.unit(tender, part)


def test_a_made_draft_is_not_announced():
    tender = bidding.tender(stage=Stage.DRAFT)

    assert not tender.project.notices.exists()
    assert tender.terms is None


def test_the_small_enterprise_of_the_first_scenario_leads():
    bids = {bid["org"]: bid for bid in market.report()["bids"]}

    assert sorted(bid["price_points"] for bid in bids.values()) == ["23.76", "29.70", "30.00"]
