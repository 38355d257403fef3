"""Scenario 4, with the real services: holders fall out one way or another, and every bid still opens."""

from itertools import combinations
from typing import Any

import pytest

from bidding.opening.models import OpeningUnit, Release
from bidding.opening.tasks import advance_openings
from bidding.submission.models import Bid
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests.cast import HETAO, LANGSHAN, MINUTE, NOON, WULIANG, YINSHAN
from tests.make import bidding_offers as make
from tests.make.bidding import HOLDERS

pytestmark = pytest.mark.django_db
LATER = NOON + 3 * MINUTE


def verdicts(tender: Any) -> set[str]:
    return set(OpeningUnit.objects.filter(opening__tender=tender).values_list("verdict", flat=True))


@pytest.mark.embedded
@pytest.mark.parametrize("left", list(combinations(HOLDERS, 2)))
def test_whichever_holder_is_lost_the_two_others_open(left: tuple[str, str]) -> None:
    tender = make.open_hall(3)
    make.halves_released(tender)
    make.keys_released(tender, left)

    assert verdicts(tender) == {"OK"}


def test_one_ill_one_wrong_the_wrong_one_is_named_and_four_bidders_rescue_their_own() -> None:
    tender = make.open_hall(4)
    make.halves_released(tender)
    good, wrong, _ill = HOLDERS
    make.keys_released(tender, [good])
    for bid in Bid.objects.filter(tender=tender, unit__isnull=False):
        with pytest.raises(Refused, match="release.wrong-key"):
            make.heard(tender, [make.key(tender, wrong, bid, at=LATER, slot=(bid.slot + 1) % 24)], at=LATER)
    # The refusal names him, and what he signed is kept as evidence.
    assert Release.objects.filter(good=False, organisation=wrong).count() == 8
    over = LATER + 31 * MINUTE
    advance_openings(by=SYSTEM, at=over)
    assert verdicts(tender) == {""}, "fewer than k is never the end: the bidders are asked first"

    for code in (HETAO, YINSHAN, WULIANG, LANGSHAN):
        make.heard(tender, [make.rescue(tender, code, part, at=over) for part in tender.parts], at=over + MINUTE)
    advance_openings(by=SYSTEM, at=over + MINUTE)

    assert verdicts(tender) == {"OK"}


@pytest.mark.embedded
def test_without_any_holder_and_without_a_rescue_it_says_so_and_does_not_wait_for_ever() -> None:
    tender = make.open_hall(3)
    make.halves_released(tender)
    for minutes in (31, 62, 93, 124):
        advance_openings(by=SYSTEM, at=LATER + minutes * MINUTE)

    assert verdicts(tender) == {"INSUFFICIENT"}
