"""Which ban binds when; which decision can be recorded."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blacklist.sanctions import rules
from tests import cast
from tests.make.blacklist import FACTS, PERSON

YEAR = SimpleNamespace(
    authority="河套市财政局", decision_no="河财采罚〔2026〕3号", basis="gp-77", regimes="BC",
    region="", starts_on=date(2026, 3, 1), ends_on=date(2027, 2, 28), followed=(),
)  # fmt: skip
DAY = date(2026, 6, 1)


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


def after(*followed, **other):
    return SimpleNamespace(**{**vars(YEAR), "followed": followed, **other})


@pytest.mark.parametrize(
    ("followed", "binds"),
    [
        ((), True),
        (("stayed",), False),
        (("stayed", "resumed"), True),
        (("stayed", "resumed", "stayed"), False),
        (("annulled",), False),
        (("repaired",), False),
        (("stayed", "resumed", "repaired"), False),
    ],
)
def test_a_ban_binds_unless_it_is_stayed_annulled_or_repaired(followed, binds):
    assert rules.in_force(after(*followed), on=DAY) is binds


@pytest.mark.parametrize(
    ("scope", "region", "binds"),
    [("", "1529", True), ("", "", True), ("15", "1529", True), ("1529", "1529", True), ("1507", "1529", False),
     ("1529", "15", False), ("15", "", False), ("11", "1529", False)],
)  # fmt: skip
def test_a_ban_of_a_region_binds_in_that_region_alone(scope, region, binds):
    assert rules.binds(after(region=scope), regime="B", region=region, on=DAY) is binds


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
        assert 1 <= row.shortest <= row.longest <= (rules.FOR_GOOD if row.subjects == {"person"} else 5)
        assert row.regimes and set(row.regimes) <= set(rules.REGIMES)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"region": "99"}, "blacklist.no-such-region"),
        ({"gravity": "none"}, "blacklist.no-such-gravity"),
        ({"publish_until": date(2029, 2, 21)}, "blacklist.wrong-display"),
        ({"gravity": "minor", "publish_until": date(2026, 5, 21)}, "blacklist.wrong-display"),
        ({"subject": "person", "id_number": PERSON}, "blacklist.wrong-subject"),
        ({"basis": "gpr-75"}, "blacklist.wrong-subject"),
        ({"subject": "person", "id_number": "1", "basis": "gpr-75"}, "blacklist.no-such-person"),
    ],
)
def test_region_display_and_subject_are_those_of_the_law(other, code):
    assert impose(**other) == [code]


def test_a_decision_is_shown_with_its_term_but_no_longer_than_the_rule_on_repair():
    said = {"decided_on": date(2026, 2, 20), "ends_on": date(2027, 2, 28)}

    assert rules.shown_until(**said, gravity=rules.Gravity.SERIOUS) == date(2027, 2, 28)
    assert rules.shown_until(**said, gravity=rules.Gravity.GENERAL) == date(2027, 2, 20)
    assert rules.shown_until(**said, gravity=rules.Gravity.MINOR) == date(2026, 5, 20)
    assert rules.months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)


def note(fact, followed=(), **other):
    facts = {"decided_on": date(2026, 2, 20), "ends_on": date(2027, 2, 28), "gravity": "serious",
             "authority": "法院", "document_no": "1号", "reason": "裁定", "by": cast.SUPERVISOR, "on": DAY}  # fmt: skip
    return codes(rules.why_not_note(fact=fact, followed=followed, **{**facts, **other}))


@pytest.mark.parametrize(
    ("fact", "other", "refused"),
    [
        ("stayed", {}, []),
        ("annulled", {}, []),
        ("stayed", {"document_no": " "}, ["blacklist.no-document"]),  # an appeal alone stays nothing
        ("appealed", {}, ["blacklist.no-such-fact"]),
        ("stayed", {"followed": ("stayed",)}, ["blacklist.already-stayed"]),
        ("resumed", {}, ["blacklist.not-stayed"]),
        ("resumed", {"followed": ("stayed",)}, []),
        ("annulled", {"followed": ("repaired",)}, ["blacklist.already-lifted"]),
        ("annulled", {"on": date(2027, 2, 28)}, []),
        ("annulled", {"on": date(2027, 3, 1)}, ["blacklist.already-over"]),
        ("repaired", {"on": date(2027, 2, 19)}, ["blacklist.repaired-too-soon"]),  # serious: twelve months at least
        ("repaired", {"on": date(2027, 2, 20)}, []),
        ("repaired", {"gravity": "general", "on": date(2026, 5, 19)}, ["blacklist.repaired-too-soon"]),
        ("repaired", {"gravity": "general", "on": date(2026, 5, 20)}, []),
        ("annulled", {"by": cast.PROVIDER, "on": date(2027, 3, 1)}, ["blacklist.not-supervisor"]),
    ],
)
def test_what_follows_a_decision_has_its_document_its_order_and_its_time(fact, other, refused):
    assert note(fact, **other) == refused


def test_another_supervisor_confirms_once():
    def why(**other):
        return codes(rules.why_not_confirm(**{"recorded_by": cast.SUPERVISOR.person, "done": False, **other}))

    assert why(by=cast.SECOND_SUPERVISOR) == []
    assert why(by=cast.SUPERVISOR) == ["blacklist.own-record"]
    assert why(by=cast.OPERATOR) == ["blacklist.not-supervisor"]
    assert why(by=cast.SECOND_SUPERVISOR, done=True) == ["blacklist.record-done"]
