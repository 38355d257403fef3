"""The arithmetic of an evaluation, against worked figures and against its own properties."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import scoring
from proofs.scoring import Offer

D = Decimal
MONEY = st.decimals("0.01", "1e9", places=2)
POINTS = st.decimals("0", "40", places=2)


def test_price_points_of_goods_at_thirty_points() -> None:
    """Worked figure: quotes 100, 110, 125 at weight 0.30 earn 30.00, 27.27, 24.00."""
    assert [scoring.price_points(D(p), D(100), D(30)) for p in (100, 110, 125)] == [D("30.00"), D("27.27"), D("24.00")]
    assert [scoring.price_points(D(p), D(100), D(100)) for p in (100, 110, 125)] == [D(100), D("90.91"), D("80.00")]


def test_a_small_enterprise_is_compared_at_a_tenth_less_and_keeps_its_quote() -> None:
    """Worked figure: with 10 % off for the quote of 110, 99 is the base and 29.70, 30.00, 23.76 are earned."""
    scores = {"1": {"quality": D(50)}}
    offers = {
        name: Offer(D(quote), small, scores)
        for name, quote, small in (("a", 100, False), ("b", 110, True), ("c", 125, False))
    }
    outcome = scoring.evaluate(offers, price_weight=D(30), small_deduction=D("0.10"))
    assert [outcome[name].price_points for name in "abc"] == [D("29.70"), D("30.00"), D("23.76")]
    assert outcome["b"].adjusted == D("99.00")
    assert offers["b"].quote == D(110)


def test_ties_go_to_the_lower_quote_and_equal_ones_share_the_rank() -> None:
    """Worked figure: equal total, lower quote wins; equal in both, parallel rank."""
    standing = {"a": (D(90), D(5)), "b": (D(90), D(4)), "c": (D(91), D(9)), "d": (D(90), D(4)), "e": (D(1), D(1))}
    assert scoring.ranking(standing) == {"c": 1, "b": 2, "d": 2, "a": 4, "e": 5}


@given(st.dictionaries(st.integers(0, 50), st.tuples(POINTS, MONEY), min_size=1), st.randoms())
def test_ranking_ignores_the_order_of_its_input(standing: dict[int, tuple[Decimal, Decimal]], random: Any) -> None:
    shuffled = list(standing.items())
    random.shuffle(shuffled)
    ranks = scoring.ranking(standing)
    assert scoring.ranking(dict(shuffled)) == ranks
    assert min(ranks.values()) == 1
    for one, (total, quote) in standing.items():
        assert ranks[one] == 1 + sum(t > total or (t == total and q < quote) for t, q in standing.values())


@given(MONEY, MONEY, st.integers(1, 100))
def test_a_lower_price_never_earns_less(one: Decimal, other: Decimal, weight: int) -> None:
    low, high = sorted((one, other))
    assert scoring.price_points(low, low, D(weight)) == weight
    assert 0 <= scoring.price_points(high, low, D(weight)) <= weight


@pytest.mark.parametrize("text", ["1e5", "-1", "", ".", "1.2.3", "１", "NaN", " 1", "1 ", 1, None, "9" * 40])
def test_an_amount_has_no_other_spelling(text: Any) -> None:
    with pytest.raises(ValueError, match="decimal"):
        scoring.decimal(text)


def test_a_price_below_the_lowest_or_none_at_all_is_an_error() -> None:
    for adjusted, lowest in ((D(0), D(0)), (D(5), D(6)), (D(-1), D(-1))):
        with pytest.raises(ValueError, match="prices"):
            scoring.price_points(adjusted, lowest, D(30))


TERMS = {
    "price_weight": "30.00",
    "price_cap": "200.00",
    "small_deduction": "0.10",
    "category": "GOODS",
    "factors": [
        {"key": "quality", "name": "质量", "max": "50.00", "objective": False},
        {"key": "service", "name": "服务", "max": "20.00", "objective": True},
    ],
}


def report() -> dict[str, Any]:
    def bid(org: str, quote: str, small: bool, *points: str) -> dict[str, Any]:
        given = {str(seat): {"quality": value, "service": "10.00"} for seat, value in enumerate(points, 1)}
        return {"org": org, "name": f"{org}公司", "quote": quote, "small": small, "compliant": bool(points),
                "reasons": [] if points else ["未响应"], "scores": given}  # fmt: skip

    bids = [
        bid("A", "100.00", False, "40.00", "41.00", "43.00"),
        bid("B", "110.00", True, "44.50", "42.00", "41.00"),
        bid("C", "125.00", False, "50.00", "49.00", "50.00"),
        bid("D", "90.00", False),
    ]
    return scoring.build_report(number="T", scoring=TERMS, bids=bids, seats=3)


def test_a_report_adds_up() -> None:
    made = report()
    assert scoring.why_not_report(made) == ()
    assert [(bid["org"], bid["total"], bid["rank"]) for bid in made["bids"]] == [
        ("A", "81.03", 3), ("B", "82.50", 2), ("C", "83.43", 1), ("D", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("bids", 0, "total"), "81.04"), (("bids", 0, "price_points"), "30.00"), (("bids", 1, "adjusted"), "110.00"),
        (("bids", 1, "rank"), 1), (("bids", 2, "rank"), True), (("bids", 0, "small"), True),
        (("bids", 0, "scores", "1", "quality"), "50.01"), (("bids", 0, "scores", "1", "other"), "1.00"),
        (("bids", 0, "quote"), "200.01"), (("bids", 3, "reasons"), []), (("bids", 3, "rank"), 4),
        (("bids", 1, "org"), "A"), (("seats",), 4), (("v",), "report/2"), (("scoring", "price_weight"), "31.00"),
        (("bids", 0, "total"), 81), (("bids", 0, "compliant"), 1), (("bids",), None),
    ],
)  # fmt: skip
def test_a_report_with_one_figure_changed_does_not(path: tuple[Any, ...], value: Any) -> None:
    changed: Any = copy.deepcopy(report())
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert scoring.why_not_report(changed)


def test_half_a_cent_goes_up() -> None:
    assert scoring.mean([Decimal("0.00"), Decimal("0.01")]) == Decimal("0.01")


def test_of_equal_totals_the_cheaper_bid_is_first() -> None:
    offers = {name: Offer(Decimal(quote), False, {}) for name, quote in (("dear", "200.00"), ("cheap", "100.00"))}

    told = scoring.evaluate(offers, price_weight=Decimal(0), small_deduction=Decimal(0))

    assert {name: outcome.rank for name, outcome in told.items()} == {"cheap": 1, "dear": 2}
