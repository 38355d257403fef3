"""Scenario 6: three lots in two envelopes; a technical failure's price stays shut; one bidder leads every lot."""

import pytest

from bidding.evaluation.models import Evaluation
from bidding.evaluation.tasks import rank_prices
from bidding.opening.models import OpeningUnit
from bidding.submission.models import Bid
from market.awards import queries as awards
from market.awards import services as awarding
from market.projects import queries as projects
from market.projects.models import Project
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HETAO, HOUR, LANGSHAN, WULIANG, YINSHAN
from tests.make import bidding_offers, experts, market
from tests.make import evaluation as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # who may win which lot does not change with the engine
SECOND = make.LATER + HOUR
PRICES = ("1000000.00", "1100000.00", "1250000.00", "900000.00")


def ranked(lot: int) -> Project:
    """One lot from its sealed bids to the report: the fourth bidder fails technically and offers the lowest price."""
    project = market.project(number=f"L-{lot}", batch="B-1", lot=lot, most_lots=1)
    evaluation = make.qualified(4, played=True, prices=PRICES, envelopes="two", project=project)
    experts.seated(make.convened(evaluation), at=make.LATER, played=False)
    make.reviewed(make.declared(evaluation), {LANGSHAN: "requirements"})
    make.locked(evaluation)
    bidding_offers.next_session(evaluation.project.tender, at=SECOND)
    rank_prices(by=cast.SYSTEM, at=SECOND)
    return make.signed(Evaluation.objects.get(pk=evaluation.pk)).project


def test_scenario_six():
    lots = [ranked(lot) for lot in (1, 2, 3)]
    assert [lot.number for lot in projects.lots(lots[0])] == ["L-1", "L-2", "L-3"]

    shut = Bid.objects.filter(organisation=LANGSHAN, part="price")
    assert shut.count() == 3 and not OpeningUnit.objects.filter(bid__in=shut).exists()

    leaders = [[each.org for each in awards.proposal(lot).ranked] for lot in lots]
    assert leaders == [[YINSHAN, HETAO, WULIANG]] * 3
    with pytest.raises(Refused, match="award.lots-in-order"):
        awarding.determine(number="L-2", org=YINSHAN, by=cast.OFFICER, at=SECOND)

    for number, org in (("L-1", YINSHAN), ("L-2", HETAO), ("L-3", WULIANG)):
        lot = Project.objects.get(number=number)
        assert awards.turn(lot, at=SECOND).org == org
        make.awarded(number, org, at=SECOND)
