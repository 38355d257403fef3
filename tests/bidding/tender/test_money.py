"""Formulas are locked to the procedure; preferences are rows with their edition."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bidding.tender.money import why_not_formula
from bidding.tender.money_forms import MoneyFields, initial
from market.projects.policies import in_force, why_not_policies
from market.projects.procedures import PROCEDURES
from proofs.prices import FORMULAS

NOW = datetime(2026, 11, 22, tzinfo=UTC)


LAWFUL = [row for row in PROCEDURES.values() if row.selection is None]


@pytest.mark.parametrize("row", LAWFUL, ids=lambda row: row.edition.value)
def test_public_purchases_know_the_lowest_price_alone_and_works_what_their_documents_say(row):
    for key in FORMULAS:
        given = dict.fromkeys(FORMULAS[key].params, "0.1")
        reasons = why_not_formula(procedure=row, formula={"key": key, "params": given})
        assert [reason.code for reason in reasons] == (
            [] if row.regime == "A" or key == "lowest" else ["criteria.formula"]
        )
        assert all(
            str(reason.law) in ("87号令 第55条", "政府采购竞争性磋商采购方式管理暂行办法 第24条") for reason in reasons
        )


def test_parameters_are_those_of_the_formula_and_in_range():
    row = next(each for each in PROCEDURES.values() if each.regime == "A")
    assert why_not_formula(procedure=row, formula=None) == ()
    for params in ({}, {"k": "0.5"}, {"k": "0.1", "over": "1"}):
        [reason] = why_not_formula(procedure=row, formula={"key": "mean-ratio", "params": params})
        assert reason.code == "criteria.formula-params" and "下浮系数" in reason.sentence()


@pytest.mark.parametrize(
    ("key", "category", "year", "least"),
    [("small", "goods", 2021, "0.06"), ("small", "goods", 2026, "0.10"), ("small", "works", 2026, "0.03"),
     ("consortium", "services", 2026, "0.04"), ("domestic", "goods", 2026, "0.20"), ("domestic", "goods", 2025, None),
     ("domestic", "works", 2026, None)],
)  # fmt: skip
def test_a_preference_has_the_figures_of_the_edition_of_its_day(key, category, year, least):
    row = in_force(key, category=category, at=datetime(year, 6, 1, tzinfo=UTC))
    assert (row and str(row.least)) == least


def test_a_purchase_set_aside_deducts_nothing_and_a_share_keeps_to_its_row():
    def wrong(small="0", **policies):
        found = why_not_policies(category="goods", policies=policies, small_deduction=Decimal(small), at=NOW)
        return [reason.code for reason in found]

    aside = {"set-aside": "0"}
    assert wrong(**aside) == [] and wrong(small="0.1", consortium="0.05", domestic="0.2") == []
    assert wrong(small="0.1", **aside) == wrong(consortium="0.05", **aside) == ["policy.set-aside"]
    assert wrong(consortium="0.07") == wrong(domestic="0.1") == ["policy.share"]
    assert wrong(unheard="0.1") == ["policy.none"]


def test_what_is_typed_comes_back_as_it_was():
    typed = {"formula": "mean-deviation", "k": "0.050", "over": "1", "under": "0.5", "step": "9",
             "consortium_percent": "5", "set_aside": "on"}  # fmt: skip
    form = MoneyFields(typed)
    assert form.is_valid(), form.errors
    told = form.money()
    assert told == {
        "formula": {"key": "mean-deviation", "params": {"k": "0.05", "over": "1", "under": "0.5"}},
        "policies": {"consortium": "0.05", "subcontract": "0.05", "set-aside": "0"},
    }
    shown = initial(**told)
    assert (shown["formula"], shown["over"], shown["consortium_percent"], shown["set_aside"]) == (
        "mean-deviation", "1", 5, True)  # fmt: skip
    form = MoneyFields({"formula": "mean-ratio", "k_drawn": " 0.03，0.010 0.02 ;0.01"})
    assert form.is_valid(), form.errors
    told = form.money()
    assert told["formula"] == {"key": "mean-ratio", "params": {}, "draw": {"k": ["0.01", "0.02", "0.03"]}}
    assert (
        MoneyFields(initial(**told) | {"set_aside": ""}).is_valid() and initial(**told)["k_drawn"] == "0.01 0.02 0.03"
    )
    form = MoneyFields({"formula": "mean-ratio", "k_drawn": "0.01 很多"})
    assert form.is_valid() and form.money()["formula"]["draw"] == {"k": ["0.01", "很多"]}  # refused with its reason
    form = MoneyFields({})
    assert form.is_valid() and form.money() == {"formula": None, "policies": None}
