"""The trade's worked numbers that no other test computes: each exactly as it is written, and what holds around it."""

import hashlib
import math
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.opening import rules as opening
from bidding.opening.few import FEW_PATHS, by_cause
from experts.panels.request import Composition
from market.projects.periods import Period, Unit
from market.projects.rules import PROCEDURES, Edition, Method
from proofs import lots, prices
from proofs.lots import Stratum
from rulebook.calendar import CHINA, add_working_days
from rulebook.law import Article
from tests import cast

TENDER = PROCEDURES[Method.TENDER, Edition.LAW_2017]
WORKS = next(row for (method, edition), row in PROCEDURES.items() if row.regime == "A" and row.for_real)
QUOTES = [Fraction(each) for each in (90, 92, 95, 97, 99)]


def test_a_coefficient_spun_in_a_browser_falls_unevenly_and_a_drawn_one_does_not() -> None:
    """`1 + round(U·5)` gives the six values 10, 20, 20, 20, 20, 10 %; by tickets all are even."""
    edges = [Fraction(0), *(Fraction(2 * place + 1, 10) for place in range(5)), Fraction(1)]
    assert [100 * (end - start) for start, end in zip(edges, edges[1:], strict=False)] == [10, 20, 20, 20, 20, 10]

    runs, values = 6_000, [f"k-{n}" for n in range(6)]
    pool = [{"cid": value, "org": value, "strata": ["k"]} for value in values]
    drawn = Counter(
        lots.select(hashlib.sha256(b"coefficient %d" % run).digest(), pool, [Stratum("k", 1, 0)])[0]["chosen"][0]
        for run in range(runs)
    )
    chi = sum((drawn[value] - runs / 6) ** 2 for value in values) / (runs / 6)
    assert abs((chi - 5) / math.sqrt(10)) < 4
    bias = sum((share - Fraction(1, 6)) ** 2 for share in map(Fraction, ("0.1", *["0.2"] * 4, "0.1"))) * runs * 6
    assert (bias - 5) / math.sqrt(10) > 4  # the vendor's would not pass


def test_a_reference_price_of_five_quotes() -> None:
    """90, 92, 95, 97, 99: trimmed to 92, 95, 97, mean 94.67 (94.6667), × 96 % = 90.88; the nearest left is 92."""
    left = prices.trimmed(QUOTES)
    mean = prices.base(left, {"k": Fraction(0)})
    assert left == [92, 95, 97] and mean == Fraction(284, 3)
    assert (prices.places2(mean), round(mean, 4)) == (Decimal("94.67"), Fraction("94.6667"))
    reference = prices.places2(prices.base(left, {"k": Fraction("0.04")}))
    assert reference == Decimal("90.88")
    nearest = min(left, key=lambda price: abs(price - Fraction(reference)))
    assert (nearest, nearest - Fraction(reference)) == (92, Fraction("1.12"))
    assert min(QUOTES, key=lambda price: abs(price - Fraction(reference))) == 90  # it was trimmed


@given(st.permutations(QUOTES), st.integers(1, 10**6))
def test_a_reference_price_follows_its_scale_and_no_order(mixed: list[Fraction], times: int) -> None:
    four = {"k": Fraction("0.04")}
    assert prices.base(prices.trimmed(mixed), four) == prices.base(prices.trimmed(QUOTES), four)
    scaled = prices.trimmed([price * times for price in mixed])
    assert prices.base(scaled, four) == times * prices.base(prices.trimmed(QUOTES), four)


@pytest.mark.parametrize(
    ("quotes", "left"), [([3, 1], [1, 3]), ([4, 1, 2, 3], [1, 2, 3, 4]), ([5, 1, 5, 1, 3], [1, 3, 5])]
)
def test_trimming_begins_with_five_and_takes_one_of_equal_ones(quotes: list[int], left: list[int]) -> None:
    assert sorted(prices.trimmed([Fraction(each) for each in quotes])) == left


def test_two_places_are_rounded_half_up() -> None:
    halves = {"0.005": "0.01", "0.0049": "0.00", "1.125": "1.13", "2.675": "2.68"}
    assert {text: str(prices.places2(Fraction(text))) for text in halves} == halves


def test_a_clarification_twelve_days_before_the_deadline_moves_it_to_fifteen() -> None:
    """A deadline of 20 October 09:30, published on the 8th: refused until the 23rd, which is fifteen days later."""
    said, deadline = datetime(2026, 10, 8, 14, 0, tzinfo=CHINA), datetime(2026, 10, 20, 9, 30, tzinfo=CHINA)
    for row in (TENDER, WORKS):
        assert not row.correction.met(said, deadline)
        assert not row.correction.met(said, deadline + timedelta(days=2))
        assert row.correction.met(said, deadline + timedelta(days=3))
        assert row.correction.earliest_words(said) == "2026-10-23"


def test_an_objection_to_the_documents_of_works_is_in_time_until_ten_days_before() -> None:
    """A deadline on 20 October: the last day is the 10th. Seven working days count an exchanged Saturday."""
    deadline = datetime(2026, 10, 20, 9, 30, tzinfo=CHINA)
    assert WORKS.questions.met(datetime(2026, 10, 10, 23, 59, tzinfo=CHINA), deadline)
    assert not WORKS.questions.met(datetime(2026, 10, 11, tzinfo=CHINA), deadline)
    seven = Period(7, Unit.WORKING_DAYS, Article("政府采购法", "第52条"))
    assert seven.last_day(date(2026, 9, 29)) == date(2026, 10, 14)  # 30 Sep, 8, 9, Sat 10, 12, 13, 14 Oct
    assert add_working_days(date(2026, 10, 16), 5) == date(2026, 10, 23)  # asked for on a Friday


@pytest.mark.parametrize(("budget", "seats", "experts"), [("9990000", 5, 4), ("10000000", 7, 5)])
def test_two_thirds_of_a_panel_are_experts(budget: str, seats: int, experts: int) -> None:
    assert TENDER.seats_for(Decimal(budget)) == seats
    assert seats - Composition(seats, TENDER.seats[1]).most_owners(seats) == experts


def test_of_four_bids_two_do_not_open_and_the_two_left_are_too_few() -> None:
    """One by its bidder's doing, one by the platform's: in regime B it ends there, in works the panel is asked."""
    facts = opening.Facts(
        act=opening.Act.RECORD, hosts=frozenset({cast.BUYER}), live=4, effective=2, few=FEW_PATHS["B"]
    )
    assert [reason.code for reason in opening.why_not_end(facts, by=cast.OFFICER)] == ["hall.too-few-effective"]
    assert opening.why_not_end_in_failure(facts, by=cast.OFFICER) == ()
    assert (by_cause(1, 1, None).values or {}) == {"revoked": 1, "withdrawn": 1}
