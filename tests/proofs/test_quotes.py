"""Who wins by price: the lowest never the highest, ties by lot, the reference price to the fen."""

from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs import quotes
from proofs.selection import why_not_selection

pytestmark = pytest.mark.embedded


def orgs(*prices: str) -> dict[str, D]:
    return {chr(ord("A") + place): D(price) for place, price in enumerate(prices)}


def test_of_90_80_80_the_two_80_are_drawn_and_never_90() -> None:
    standing = quotes.groups(quotes.LOWEST, orgs("90", "80", "80"))
    assert standing == [["B", "C"], ["A"]]
    assert quotes.tie_strata(standing) == [{"key": "tie1", "need": 1, "standby": 1}]
    assert [row["cid"] for row in quotes.tie_pool(standing)] == ["B", "C"]
    assert quotes.ranking(standing, [["C", "B"]]) == ["C", "B", "A"]
    with pytest.raises(ValueError):
        quotes.ranking(standing, [])  # a tie nobody drew
    with pytest.raises(ValueError):
        quotes.ranking(standing, [["A", "B"]])  # among others than the equals
    with pytest.raises(ValueError):
        quotes.ranking(quotes.groups(quotes.LOWEST, orgs("90", "80")), [["A", "B"]])


def test_the_reference_price_of_the_worked_example() -> None:
    against = quotes.reference(orgs("90", "92", "95", "97", "99"), D("0.96"))
    assert (against.trimmed, against.mean, against.price) == (("A", "E"), D("94.67"), D("90.88"))
    assert against.distances["B"] == D("1.12")
    # 90 is nearer and was trimmed.
    assert quotes.groups(quotes.REFERENCE, orgs("90", "92", "95", "97", "99"), D("0.96"))[0] == ["B"]


def test_fewer_than_five_quotes_are_not_trimmed() -> None:
    for prices in (("90",), ("90", "92"), ("90", "92", "95"), ("90", "92", "95", "97")):
        assert quotes.reference(orgs(*prices), D("0.96")).trimmed == ()
    assert quotes.groups(quotes.REFERENCE, {}, D("0.96")) == []


def test_equal_extremes_lose_one_in_the_mean_and_none_in_the_contest() -> None:
    against = quotes.reference(orgs("90", "90", "95", "97", "99"), D("1"))
    assert (against.trimmed, against.mean) == (("E",), D("94.00"))
    assert quotes.groups(quotes.REFERENCE, orgs("80", "80", "80", "80", "80"), D("0.95")) == [list("ABCDE")]


def test_of_two_as_near_the_lower_quote_wins() -> None:
    assert quotes.groups(quotes.REFERENCE, orgs("90", "110"), D("1")) == [["A"], ["B"]]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_the_lowest_is_lowest_and_nothing_depends_on_the_order_of_arrival(cents: list[int]) -> None:
    prices = {f"P{place}": D(each).scaleb(-2) for place, each in enumerate(cents)}
    standing = quotes.groups(quotes.LOWEST, prices)
    assert {prices[org] for org in standing[0]} == {min(prices.values())}
    assert sorted(org for group in standing for org in group) == sorted(prices)
    backwards = dict(reversed(prices.items()))
    for formula in quotes.FORMULAS:
        assert quotes.groups(formula, prices, D("0.97")) == quotes.groups(formula, backwards, D("0.97"))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9), st.sampled_from(["0.95", "0.96", "0.97", "0.98"]))
def test_a_basis_holds_as_it_was_made_and_no_figure_in_it_can_be_changed(cents: list[int], coefficient: str) -> None:
    prices = {f"P{place}": D(each).scaleb(-2) for place, each in enumerate(cents)}
    standing = quotes.groups(quotes.REFERENCE, prices, D(coefficient))
    told = quotes.basis(
        quotes.REFERENCE, prices, orders=[list(group) for group in quotes.tied(standing)], tie_draw="N/tie/1",
        values=["0.95", "0.96", "0.97", "0.98"], coefficient=coefficient, coefficient_draw="N/coefficient/1",
    )  # fmt: skip
    assert quotes.why_not_basis(told) == ()
    for key in ("mean", "reference"):
        assert quotes.why_not_basis(told | {key: str(D(told[key]) + 1)})
    assert quotes.why_not_basis(told | {"trimmed": [*told["trimmed"], "P0"]})
    assert quotes.why_not_basis(told | {"coefficient": {**told["coefficient"], "value": "0.5"}})
    assert quotes.why_not_basis({key: value for key, value in told.items() if key != "mean"})


def report(told: dict[str, object], order: list[str], prices: dict[str, D], out: str = "") -> dict[str, object]:
    ranked = [org for org in order if org != out]
    bids = [
        {"org": org, "name": org, "quote": str(prices[org]), "compliant": org in ranked,
         "rank": ranked.index(org) + 1 if org in ranked else None, "reasons": [] if org in ranked else ["why"]}
        for org in prices
    ]  # fmt: skip
    return {"v": "selection/1", "number": "N", "method": "sealed_price", "basis": told, "bids": bids}


def test_ranks_follow_from_the_basis_and_a_drop_out_keeps_his_place_in_the_figures() -> None:
    prices = orgs("90", "92", "95", "97", "99")
    told = quotes.basis(quotes.REFERENCE, prices, values=["0.96", "0.97"], coefficient="0.96", coefficient_draw="d")
    right = ["B", "C", "D"]
    assert why_not_selection(report(told, right, prices)) == ()
    for order in permutations(right):
        assert bool(why_not_selection(report(told, list(order), prices))) == (list(order) != right)
    assert why_not_selection(report(told, right, prices, out="B")) == ()  # C wins at the same reference price
    assert why_not_selection(report(told, ["A", *right], prices))  # a trimmed quote has no rank
    cheaper = {org: D(1) if org == "B" else price for org, price in prices.items()}
    assert why_not_selection(report(told, right, cheaper))
    assert why_not_selection(report({**told, "reference": "92.00"}, right, prices))
