"""Who may still win a lot when one bidder may win only so many (兼投不兼中)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.models import Entry
from market.awards import lots, queries, services
from market.awards.lots import Lot
from market.projects.rules import Stage
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, HETAO, NOON, OFFICER, YINSHAN
from tests.make import market as make

ORGS = "ABCDE"
RANKINGS = st.lists(st.permutations(ORGS).map(lambda row: row[:4]), min_size=1, max_size=6)


@given(RANKINGS, st.integers(1, 6))
def test_nobody_wins_more_lots_than_the_limit_and_each_lot_goes_to_its_best_who_still_may(rankings, most):
    winners = lots.allot(rankings, most=most)
    assert max(Counter(winner for winner in winners if winner).values(), default=0) <= most
    for place, (ranked, winner) in enumerate(zip(rankings, winners, strict=True)):
        before = Counter(winners[:place])
        ahead = ranked[: ranked.index(winner)] if winner else ranked
        assert all(before[org] == most for org in ahead)


@given(RANKINGS)
def test_without_a_limit_every_lot_goes_to_its_first(rankings):
    assert lots.allot(rankings, most=0) == [ranked[0] for ranked in rankings]


@given(RANKINGS, st.integers(1, 6))
def test_lot_by_lot_the_desk_comes_to_what_the_whole_batch_comes_to(rankings, most):
    won: list[Lot] = []
    for place, ranked in enumerate(rankings, start=1):
        assert not lots.why_not_yet(won, place=place, most=most)
        winner = next((org for org in ranked if not lots.too_many(org, won, most=most)), "")
        won.append(Lot(f"L{place}", place, True, winner))
    assert [lot.winner or None for lot in won] == lots.allot(rankings, most=most)


@given(RANKINGS, st.integers(1, 3))
def test_a_later_lot_never_changes_an_earlier_one(rankings, most):
    assert lots.allot(rankings, most=most)[:1] == lots.allot(rankings[:1], most=most)


def test_an_earlier_lot_that_is_undecided_holds_the_later_back_only_under_a_limit():
    others = [Lot("L1", 1, False), Lot("L3", 3, False)]
    assert [reason.code for reason in lots.why_not_yet(others, place=2, most=1)] == ["award.lots-in-order"]
    assert lots.why_not_yet(others, place=2, most=0) == ()
    assert lots.why_not_yet([Lot("L1", 1, True), others[1]], place=2, most=1) == ()


def batch(most: int = 1) -> list:
    """Two lots of one batch with the same report: the small enterprise leads both."""
    made = [make.project(number=f"L-{n}", stage=Stage.PROPOSED, batch="B-1", lot=n, most_lots=most) for n in (1, 2)]
    for project in made:
        make.notice(project)
        make.proposal(project)
    return made


def determined(project, org):
    return services.determine(number=project.number, org=org, by=OFFICER, at=NOON)


@pytest.mark.django_db
def test_the_winner_of_lot_one_leads_lot_two_and_the_runner_up_gets_it():
    first, second = batch()
    with pytest.raises(Refused, match="award.lots-in-order"):
        determined(second, YINSHAN)
    determined(first, YINSHAN)
    with pytest.raises(Refused, match="award.lots-full"):
        determined(second, YINSHAN)
    with pytest.raises(Refused, match="award.out-of-order"):
        determined(second, queries.proposal(second).ranked[2].org)

    assert queries.turn(second, at=NOON).org == HETAO
    award = determined(second, HETAO)
    assert (award.organisation, award.rank) == (HETAO, 2)


@pytest.mark.django_db
def test_the_announcement_says_who_was_passed_over_and_for_which_lots():
    first, second = batch()
    determined(first, YINSHAN)
    determined(second, HETAO)
    told = [entry.event for entry in Entry.objects.filter(kind="market.award-published").order_by("id")]
    assert '"passed_over":[]' in told[0]
    assert f'"passed_over":[{{"numbers":["L-1"],"org":"{YINSHAN}","why":"lots"}}]' in told[1]


@pytest.mark.django_db
def test_the_first_lots_winner_who_declines_is_followed_by_nobody_who_has_won_the_second():
    first, second = batch()
    determined(first, YINSHAN)
    determined(second, HETAO)
    services.decline(number=first.number, reason="产能不足", by=cast.RIVAL, at=NOON + DAY)
    first.refresh_from_db()
    assert queries.turn(first, at=NOON + DAY).org not in (YINSHAN, HETAO)


@pytest.mark.django_db
def test_without_a_limit_lots_are_determined_each_for_itself():
    first, second = batch(most=0)
    determined(second, YINSHAN)
    determined(first, YINSHAN)
    assert queries.standing(first).organisation == queries.standing(second).organisation == YINSHAN
