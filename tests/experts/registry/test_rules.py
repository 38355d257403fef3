from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.registry.rules import (
    EXCLUSIONS,
    SPECIALTIES,
    left_out_because,
    why_not_enrol,
    why_not_keep_register,
    why_not_take_leave,
)
from tests import cast

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
FREE = {
    "employer_code": "C", "employers": [], "state": "enrolled", "review_due_on": None, "on_leave_from": None,
    "on_leave_until": None, "barred_until": None,
}  # fmt: skip


def somebody(**facts):
    return SimpleNamespace(**{**FREE, **facts})


def test_somebody_with_no_conflict_is_in_the_pool():
    assert left_out_because(somebody(), avoid={"D": "employer-of-bidder"}, on=TODAY) is None


@pytest.mark.parametrize(
    "code", ["employer-of-buyer", "employer-of-bidder", "employer-of-agent", "employer-supervises"]
)
def test_an_employer_to_avoid_keeps_his_people_out_with_the_reason(code):
    assert left_out_because(somebody(), avoid={"C": code}, on=TODAY) == code
    assert code in EXCLUSIONS


@pytest.mark.parametrize("until, out", [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True)])
def test_a_bar_holds_through_its_last_day(until, out):
    assert (left_out_because(somebody(barred_until=until), avoid={}, on=TODAY) == "barred") is out


@given(st.integers(-3, 3), st.one_of(st.none(), st.integers(-3, 3)))
def test_leave_holds_from_its_first_to_its_last_day(first, last):
    until = None if last is None else TODAY + last * DAY
    on_leave = left_out_because(somebody(on_leave_from=TODAY + first * DAY, on_leave_until=until), avoid={}, on=TODAY)

    assert (on_leave == "on-leave") is (first <= 0 and (last is None or last >= 0))


def test_nobody_is_drawn_twice_for_one_project():
    assert left_out_because(somebody(), avoid={}, on=TODAY, called_before=True) == "called-before"


@pytest.mark.parametrize("number, keys, taken, code", [
    ("", ["A-it"], False, "expert.number"),
    ("e-1", ["A-it"], True, "expert.number"),
    ("e-1", [], False, "expert.specialties"),
    ("e-1", sorted(SPECIALTIES)[:4], False, "expert.specialties"),
    ("e-1", ["alchemy"], False, "expert.unknown-specialty"),
])  # fmt: skip
def test_nobody_is_enrolled_with(number, keys, taken, code):
    assert [r.code for r in why_not_enrol(number=number, specialties=keys, number_taken=taken)] == [code]


@pytest.mark.parametrize("actor", [cast.OFFICER, cast.PROVIDER, cast.EXPERT, cast.STRANGER, cast.WITNESS])
def test_whoever_buys_or_bids_does_not_keep_the_register(actor):
    assert why_not_keep_register(by=actor)[0].code == "expert.not-keeper"


def test_leave_is_ones_own_and_ends_after_it_begins():
    assert not why_not_take_leave(own=True, by=cast.EXPERT, first=TODAY, last=None)
    assert why_not_take_leave(own=False, by=cast.EXPERT, first=TODAY, last=None)[0].code == "expert.not-own-leave"
    assert why_not_take_leave(own=True, by=cast.OFFICER, first=TODAY, last=None)[0].code == "expert.not-own-leave"
    backwards = why_not_take_leave(own=True, by=cast.EXPERT, first=TODAY, last=TODAY - DAY)
    assert backwards[0].code == "expert.leave-backwards"
