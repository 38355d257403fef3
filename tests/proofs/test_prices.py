"""Every formula of price points: its worked figures, and what holds for all of them whatever the prices."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs import prices, scoring
from proofs.prices import FORMULAS
from proofs.scoring import Offer

D = Decimal
SOME = {"k": "0.05", "over": "1", "under": "0.5", "step": "3"}
MONEY = st.lists(st.decimals("1", "1e7", places=2), min_size=1, max_size=9)
KEYS = st.sampled_from(sorted(FORMULAS))


def params(key: str) -> dict[str, str]:
    return {name: SOME[name] for name in FORMULAS[key].params}


def points(key: str, quotes: list[Decimal], weight: int = 30, **other: str) -> list[Decimal]:
    earned = prices.price_points(quotes, D(weight), key=key, params={**params(key), **other})
    return [earned[quote] for quote in quotes]


@pytest.mark.parametrize(
    ("key", "other", "wanted"),
    [
        ("lowest", {}, ["30.00", "27.27", "24.00"]),  # the worked figures of 87号令 第55条
        ("lowest-deviation", {}, ["30.00", "20.00", "5.00"]),
        ("mean-deviation", {"k": "0"}, ["24.78", "29.25", "18.06"]),  # base 111.67: −10.45 %, −1.49 %, +11.94 %
        ("trimmed-deviation", {"k": "0"}, ["24.78", "29.25", "18.06"]),  # three are too few to leave any out
        ("mean-ratio", {"k": "0.1"}, ["29.85", "27.41", "24.12"]),  # base 100.50
        ("steps", {}, ["30.00", "27.00", "24.00"]),
    ],
)
def test_worked_figures_for_quotes_of_100_110_and_125(key: str, other: dict[str, str], wanted: list[str]) -> None:
    assert points(key, [D(100), D(110), D(125)], **other) == [D(each) for each in wanted]


def test_from_five_prices_on_the_highest_and_the_lowest_are_left_out_of_the_mean() -> None:
    """Worked figure of a reference price: of 90, 92, 95, 97, 99 the mean of 92, 95, 97, less 4 %, is 90.88."""
    quotes = [D(90), D(92), D(95), D(97), D(99)]
    earned = points("trimmed-deviation", quotes, k="0.04", over="1", under="1")
    assert max(zip(earned, quotes, strict=True))[1] == 90  # 0.88 from the base; the trimmed ones are scored as well
    assert points("trimmed-deviation", quotes[:4], k="0") != points("trimmed-deviation", quotes, k="0")[:4]


def test_the_lowest_of_90_80_80_is_a_tie_of_the_two_and_never_90() -> None:
    offers = {name: Offer(D(quote), False, {}) for name, quote in (("a", 90), ("b", 80), ("c", 80))}
    found = scoring.evaluate(offers, price_weight=D(100), small_deduction=D(0), order=("adjusted",))
    assert {name: one.rank for name, one in found.items()} == {"a": 3, "b": 1, "c": 1}


@settings(max_examples=60)
@given(KEYS, MONEY, st.randoms(use_true_random=False), st.integers(1, 100), st.integers(2, 1000))
def test_what_holds_for_every_formula(
    key: str, quotes: list[Decimal], shuffle: random.Random, weight: int, times: int
) -> None:
    """Within 0 and the weight; whatever the order; at any scale; equal prices alike."""
    earned = prices.price_points(quotes, D(weight), key=key, params=params(key))
    assert all(0 <= each <= weight and each == each.quantize(D("0.01")) for each in earned.values())
    mixed = list(quotes)
    shuffle.shuffle(mixed)
    assert prices.price_points(mixed, D(weight), key=key, params=params(key)) == earned
    scaled = prices.price_points([quote * times for quote in quotes], D(weight), key=key, params=params(key))
    assert {quote * times: each for quote, each in earned.items()} == scaled


@settings(max_examples=40)
@given(st.sampled_from(["lowest", "lowest-deviation", "steps"]), MONEY, st.integers(1, 100))
def test_where_the_lowest_price_is_the_base_a_lower_one_never_earns_less(
    key: str, quotes: list[Decimal], weight: int
) -> None:
    earned = [points(key, sorted(quotes), weight)][0]
    assert earned[0] == weight and earned == sorted(earned, reverse=True)


def test_a_formula_without_its_parameters_or_outside_their_range_is_none() -> None:
    assert prices.why_not_formula("lowest", {}) == ()
    for key, given_ in (("other", {}), ("lowest", {"k": "1"}), ("steps", {}), ("mean-ratio", {"k": "0.3"}),
                        ("mean-ratio", {"k": "-0"}), ("mean-ratio", {"k": 0}), ("mean-ratio", None)):  # fmt: skip
        assert prices.why_not_formula(key, given_), key
    with pytest.raises(ValueError, match="no formula"):
        prices.price_points([D(1)], D(30), key="other")


def test_a_parameter_is_drawn_from_different_values_in_range_or_none() -> None:
    fits = {"k": ["0.01", "0.05"]}
    assert prices.why_not_formula("mean-ratio", {}, fits) == ()
    for key, given_, draw in (
        ("mean-ratio", {"k": "0.01"}, fits), ("mean-ratio", {}, {}), ("mean-ratio", {}, {"k": ["0.01"]}),
        ("mean-ratio", {}, {"k": ["0.1", "0.10"]}), ("mean-ratio", {}, {"k": ["0.1", "0.3"]}), ("steps", {}, fits),
        ("mean-ratio", {}, {"k": ["0.1", "x"]}), ("mean-ratio", {}, {"k": "0.1"}), ("steps", {}, {"step": ["1", "2"]}),
        ("mean-ratio", {}, {"k": ["0.1", 1]}), ("lowest", {}, fits), ("mean-deviation", {"over": "1"}, fits),
    ):  # fmt: skip
        assert prices.why_not_formula(key, given_, draw), (key, given_, draw)


def test_a_report_has_exactly_the_values_that_were_to_be_drawn() -> None:
    terms = {**TERMS, "formula": {"key": "mean-ratio", "params": {}, "draw": {"k": ["0", "0.1"]}}}
    bids = [bid("A", "100"), bid("B", "110"), bid("C", "125")]
    made = {value: scoring.build_report(number="T", scoring=terms, bids=bids, seats=1, drawn={"k": value})
            for value in ("0", "0.1")}  # fmt: skip
    assert [each["price_points"] for each in made["0.1"]["bids"]] == ["29.85", "27.41", "24.12"]  # base 100.50
    assert [each["price_points"] for each in made["0"]["bids"]] == ["26.87", "29.55", "26.80"]  # base 111.67
    for drawn in ({"k": "0.05"}, {}, {"k": "0", "over": "1"}):
        with pytest.raises(ValueError, match="drawn from|parameters are"):
            scoring.build_report(number="T", scoring=terms, bids=bids, seats=1, drawn=drawn)
    with pytest.raises(ValueError, match="drawn from"):
        scoring.build_report(number="T", scoring=TERMS, bids=bids, seats=1, drawn={"k": "0"})


TERMS = {
    "price_weight": "30", "price_cap": "200", "small_deduction": "0.10", "category": "goods",
    "factors": [{"key": "q", "name": "质量", "max": "70", "objective": False}],
    "policies": {"domestic": "0.2", "consortium": "0.04"},
}  # fmt: skip


def bid(org: str, quote: str, points: str = "50", **found: object) -> dict[str, object]:
    return {"org": org, "name": org, "quote": quote, "small": False, "compliant": True, "reasons": [],
            "scores": {"1": {"q": points}}, **found}  # fmt: skip


def told(bids: list[dict[str, object]], **more: object) -> dict[str, tuple[str, str, int | None]]:
    report = scoring.build_report(number="T", scoring=TERMS, bids=bids, seats=1, **more)  # type: ignore[arg-type]
    return {each["org"]: (each["adjusted"], each["total"], each["rank"]) for each in report["bids"]}


def test_a_corrected_price_is_compared_instead_of_the_one_read_out() -> None:
    fixed = {"to": "110", "rule": "words-figures"}
    assert told([bid("A", "100", corrected=fixed), bid("B", "105")])["B"] == ("105", "80.00", 1)
    with pytest.raises(ValueError, match="no known rule"):
        told([bid("A", "100", corrected={"to": "110", "rule": "a hunch"})])
    with pytest.raises(ValueError, match="quote outside"):
        told([bid("A", "100", corrected={**fixed, "to": "201"})])


def test_policies_are_granted_once_and_only_those_of_the_terms() -> None:
    found = told([bid("A", "100", policies=["domestic"]), bid("B", "90", policies=["consortium"])])
    assert (found["A"][0], found["B"][0]) == ("80.00", "86.40")
    for wrong in ({"policies": ["domestic", "domestic"]}, {"policies": ["consortium"], "small": True},
                  {"policies": ["other"]}):  # fmt: skip
        with pytest.raises((ValueError, KeyError)):
            told([bid("A", "100", **wrong)])


def test_of_one_brand_only_the_best_is_ranked_and_all_count_for_the_lowest_price() -> None:
    bids = [bid("A", "100"), bid("B", "110", "69"), bid("C", "120", "51")]
    found = told(bids, same_brand=[["A", "B"]])
    assert {org: rank for org, (_, _, rank) in found.items()} == {"A": None, "B": 1, "C": 2}
    assert found["C"][1] == "76.00"  # against A's 100
    equal = told([bid("A", "100"), bid("B", "100"), bid("C", "120")], same_brand=[["A", "B"]])
    assert [equal[org][2] for org in "ABC"] == [1, 1, 3]  # their order is drawn by lot
    for wrong in ([["A", "Z"]], [["A", "B"], ["B", "C"]], [["A"]]):
        with pytest.raises(ValueError, match="one brand"):
            told(bids, same_brand=wrong)


@pytest.mark.parametrize(("count", "left"), [(4, 4), (5, 3)])
def test_the_highest_and_the_lowest_are_left_out_from_five_on(count: int, left: int) -> None:
    assert len(prices.trimmed([prices.Fraction(number) for number in range(1, count + 1)])) == left
