"""Which ban binds when; which decision can be recorded."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blacklist.sanctions import rules
from tests import cast
from tests.make.blacklist import FACTS

YEAR = SimpleNamespace(
    authority="河套市财政局", decision_no="河财采罚〔2026〕3号", basis="gp-77", regimes="BC",
    starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28), lifted_on=None,
)  # fmt: skip


def codes(reasons):
    return [reason.code for reason in reasons]


def impose(**other):
    facts = {"regimes": "BC", "by": cast.SUPERVISOR, "on": date(2026, 11, 24)}
    facts |= {key: FACTS[key] for key in ("code", "basis", "decided_on", "starts_on", "ends_on")}
    return codes(rules.why_not_impose(**{**facts, **other}))


def test_a_ban_of_a_year_binds_through_its_last_day_and_leaves_no_residue():
    """Worked number 11: 2026-03-01 for 1 year. Law: 政府采购法实施条例 第19条."""
    assert rules.last_day(date(2026, 3, 1), 1) == date(2027, 2, 28)
    assert not rules.in_force(YEAR, on=date(2026, 2, 28))
    assert rules.in_force(YEAR, on=date(2026, 3, 1))
    assert rules.in_force(YEAR, on=date(2027, 2, 28))
    assert not rules.in_force(YEAR, on=date(2027, 3, 1))
    assert rules.why_not_take_part([YEAR], regime="B", on=date(2027, 3, 1)) == ()


def test_a_ban_from_the_29th_of_february_ends_with_that_month():
    assert rules.last_day(date(2028, 2, 29), 1) == date(2029, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 5))
def test_a_term_is_never_a_day_longer_than_its_years(starts_on, years):
    days = (rules.last_day(starts_on, years) - starts_on).days + 1

    assert 365 * years <= days <= 365 * years + 2


def test_a_ban_keeps_out_of_its_own_regimes_only():
    assert codes(rules.why_not_take_part([YEAR], regime="C", on=date(2026, 6, 1))) == ["blacklist.banned"]
    assert rules.why_not_take_part([YEAR], regime="A", on=date(2026, 6, 1)) == ()


def test_the_refusal_names_authority_document_article_and_last_day():
    (reason,) = rules.why_not_take_part([YEAR], regime="B", on=date(2026, 6, 1))

    assert reason.sentence() == "河套市财政局以河财采罚〔2026〕3号决定禁止其参加此类采购活动，至2027-02-28止"
    assert str(reason.law) == "政府采购法 第77条"


def test_a_lifted_ban_binds_no_longer_from_the_day_it_was_lifted():
    lifted = SimpleNamespace(**{**vars(YEAR), "lifted_on": date(2026, 6, 1)})

    assert rules.in_force(lifted, on=date(2026, 5, 31))
    assert not rules.in_force(lifted, on=date(2026, 6, 1))


@pytest.mark.parametrize("by", [cast.OFFICER, cast.PROVIDER, cast.WITNESS, cast.OPERATOR, cast.STRANGER])
def test_only_the_supervision_records_and_whoever_else_asks_learns_nothing_more(by):
    assert impose(by=by, code="not a code", basis="none") == ["blacklist.not-supervisor"]


def test_a_true_decision_can_be_recorded():
    assert impose() == []


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"basis": "none"}, "blacklist.no-such-basis"),
        ({"code": "11152900MB1A00001X"}, "credit-code.bad-check"),
        ({"regimes": "A"}, "blacklist.beyond-reach"),
        ({"regimes": ""}, "blacklist.beyond-reach"),
        ({"decided_on": date(2026, 11, 25), "starts_on": date(2026, 11, 25), "ends_on": date(2027, 11, 24)},
         "blacklist.not-yet-decided"),
        ({"decided_on": date(2026, 3, 2)}, "blacklist.backdated"),
        ({"ends_on": date(2027, 2, 27)}, "blacklist.wrong-term"),
        ({"ends_on": date(2029, 3, 1)}, "blacklist.wrong-term"),
        ({"basis": "zb-60", "regimes": "A"}, "blacklist.wrong-term"),
    ],
)  # fmt: skip
def test_a_decision_that_goes_beyond_its_article_is_refused(other, code):
    assert impose(**other) == [code]


def test_every_basis_bans_for_some_years_from_something():
    for row in rules.BASES.values():
        assert 1 <= row.shortest <= row.longest <= 5
        assert row.regimes and set(row.regimes) <= set(rules.REGIMES)


def test_a_ban_is_lifted_once_and_not_after_its_end():
    lifted = SimpleNamespace(**{**vars(YEAR), "lifted_on": date(2026, 6, 1)})

    assert rules.why_not_lift(YEAR, by=cast.SUPERVISOR, on=date(2027, 2, 28)) == ()
    assert codes(rules.why_not_lift(YEAR, by=cast.SUPERVISOR, on=date(2027, 3, 1))) == ["blacklist.already-over"]
    assert codes(rules.why_not_lift(lifted, by=cast.SUPERVISOR, on=date(2026, 7, 1))) == ["blacklist.already-lifted"]
    assert codes(rules.why_not_lift(YEAR, by=cast.PROVIDER, on=date(2027, 3, 1))) == ["blacklist.not-supervisor"]
