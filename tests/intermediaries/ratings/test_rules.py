"""Means and what counts in them, without a database."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from intermediaries.ratings import rules
from intermediaries.ratings.rules import DIMENSIONS, RULES, Finding, Side
from tests import cast
from tests.make.performance import scores

PARTIES = rules.Parties(cast.BUYER, cast.HETAO)


def mean(*rows):
    return rules.mean_of([scores(Side.PROVIDER, *row) for row in rows], side=Side.PROVIDER)


def test_a_mean_is_the_sum_by_the_number_and_nothing_else():
    """Not (new + old) / 2, which forgets: 5, 5, 1 would give 3.00; and no int(), which would give 3."""
    told = mean((5,), (5,), (1,))

    assert (told.overall, told.n) == (Decimal("3.67"), 3)
    assert mean((5,), (1,), (5,)).overall == mean((1,), (5,), (5,)).overall == Decimal("3.67")
    assert mean((4,), (5,)).overall == Decimal("4.50")


def test_a_mean_is_rounded_once_from_all_points():
    """1, 1, 1, 1, 2 three times beside 5s: means of rounded means would be another figure."""
    rows = [(1, 1, 1, 1, 2), (1, 1, 1, 1, 2), (5,)]

    assert mean(*rows).overall == Decimal("2.47")  # 37 / 15
    assert mean(*rows).by_dimension["order"] == Decimal("3.00")
    assert mean(*rows).by_dimension["quality"] == Decimal("2.33")
    assert mean((3, 3, 3, 3, 3), (4, 3, 3, 3, 3)).by_dimension["quality"] == Decimal("3.50")  # half a point stays


def test_without_ratings_there_is_no_mean_rather_than_none_or_five():
    told = mean()

    assert (told.overall, told.n, set(told.by_dimension.values())) == (None, 0, {None})


@given(st.lists(st.lists(st.integers(1, 5), min_size=5, max_size=5), min_size=1, max_size=8), st.randoms())
def test_a_mean_knows_no_order_and_stays_between_the_points(rows, chance):
    first = mean(*rows)
    chance.shuffle(rows)

    assert mean(*rows) == first
    assert min(map(min, rows)) <= first.overall <= max(map(max, rows))


def test_defaults_terminated_contracts_and_what_was_unfounded_count_nowhere():
    assert rules.counts(completed=True, by_default=False, finding="")
    assert rules.counts(completed=True, by_default=False, finding=Finding.UPHELD)
    assert not rules.counts(completed=True, by_default=True, finding="")
    assert not rules.counts(completed=False, by_default=False, finding="")
    assert not rules.counts(completed=True, by_default=False, finding=Finding.UNFOUNDED)


def why(by=cast.OFFICER, points=(5,), level=5, text="", evidence="", at=cast.NOON, rated=False, side=Side.PROVIDER):
    told = rules.why_not_rate(
        parties=PARTIES, rated=rated, closes_at=RULES.rate.due(cast.NOON), level=level, scores=scores(side, *points),
        text=text, evidence=evidence, by=by, at=at,
    )  # fmt: skip
    return [reason.code for reason in told]


def test_each_side_rates_the_other_once_in_time_in_every_dimension():
    over = RULES.rate.due(cast.NOON)
    assert over == cast.NOON.replace(day=9, month=12, hour=16)  # midnight in China after the fifteenth day

    assert not why() and not why(at=over - cast.MINUTE)
    assert not why(by=cast.PROVIDER, side=Side.BUYER)
    for stranger in (cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.STRANGER):
        assert why(by=stranger) == ["ratings.not-party"]
    assert why(rated=True) == ["ratings.done"]
    assert why(at=over) == ["ratings.over"]
    assert why(by=cast.PROVIDER) == ["ratings.scores"]  # the dimensions of the other side
    for points in ((0,), (6,), (True,), (5, 5, 5, 5, 4.5)):
        assert why(points=points) == ["ratings.scores"]


def test_two_or_less_in_anything_needs_reason_and_evidence():
    both = ["ratings.no-reason", "ratings.no-evidence"]

    assert why(points=(5, 5, 5, 5, 2)) == why(level=2) == why(points=(1,)) == both
    assert why(level=1, text="迟到十五天") == ["ratings.no-evidence"]
    assert not why(level=1, text="迟到十五天", evidence="第一次交付迟到")
    assert not why(points=(3,), level=3)


def test_dimensions_are_the_five_of_the_trade():
    assert len(DIMENSIONS[Side.PROVIDER]) == 5 and len(DIMENSIONS[Side.BUYER]) == 3
